import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

interface MdcParts {
  readonly prolog?: string;
  readonly header?: string;
  readonly neid?: string;
  readonly mts?: string;
  readonly gp?: string;
  readonly types?: string;
  readonly values?: string;
  readonly footer?: string;
}

/** A small, right mdc file, with some parts replaced. */
function mdc(parts: MdcParts = {}): string {
  return `${parts.prolog ?? '<?xml version="1.0"?>'}
<mdc xmlns:HTML="http://www.w3.org/TR/REC-xml">
<mfh>${parts.header ?? '<ffv>32.401 V6.3</ffv><sn>SubNetwork=R,MeContext=B1</sn><st>RBS</st><vn>Ericsson</vn><cbt>20261120154500Z</cbt>'}</mfh>
<md><neid>${parts.neid ?? '<neun>B1</neun><nedn>SubNetwork=R,MeContext=B1</nedn><nesw>CXP1</nesw>'}</neid>
<mi>${parts.mts ?? '<mts>20261120160000Z</mts>'}${parts.gp ?? '<gp>900</gp>'}
${parts.types ?? '<mt>pmAtt</mt><mt>pmSucc</mt>'}
${parts.values ?? '<mv><moid>ENodeBFunction=1,EUtranCellFDD=7</moid><r>10</r><r>9</r><sf>FALSE</sf></mv>'}
</mi></md>${parts.footer ?? '<mff><ts>20261120160000Z</ts></mff>'}
</mdc>`;
}

const value = (inner: string) => `<mv><moid>A=1</moid>${inner}</mv>`;

describe('TS 32.401 mdc', () => {
  it('reads a file: time, granularity, network element, object, values, what it says of itself', () => {
    const { result, blocks } = readText(mdc());
    expect(blocks).toEqual([
      {
        ne: 'SubNetwork=R,MeContext=B1',
        ldn: 'ENodeBFunction=1,EUtranCellFDD=7',
        begin: '2026-11-20T15:45:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { pmAtt: 10, pmSucc: 9 },
      },
    ]);
    expect(result).toMatchObject({
      status: 'ok',
      format: '3gpp-32.401-mdc-xml',
      header: {
        sender: 'SubNetwork=R,MeContext=B1',
        vendor: 'Ericsson',
        swVersion: 'CXP1',
        formatVersion: '32.401 V6.3',
      },
      counts: { values: 2, numbers: 2, missing: 0, notNumbers: 0, objects: 1, blocks: 1 },
      warnings: [],
    });
  });

  it.each([
    ['20261120160000+0100', '2026-11-20T14:45:00.000Z'],
    ['20261120160000-04:00:00', '2026-11-20T19:45:00.000Z'],
    ['2026-11-20T16:00:00UTC+05.30', '2026-11-20T10:15:00.000Z'],
    ['20261120160000', '2026-11-20T06:45:00.000Z'],
  ])('takes the end time %s', (mts, begin) => {
    const { blocks } = readText(mdc({ mts: `<mts>${mts}</mts>` }), { defaults: { timeZone: 'Asia/Seoul' } });
    expect(blocks[0].begin).toBe(begin);
  });

  it('gives each mi its own period, and takes several md', () => {
    const mi = (gp: number, mts: string, name: string) =>
      `<mi><mts>${mts}</mts><gp>${gp}</gp><mt>${name}</mt>${value('<r>1</r>')}</mi>`;
    const md = (ne: string, infos: string) => `<md><neid><nedn>${ne}</nedn></neid>${infos}</md>`;
    const { blocks } = readText(
      `<mdc>${md('X', mi(60, '20261120000100Z', 'a') + mi(3600, '20261120010000Z', 'b'))}${md('Y', mi(900, '20261120001500Z', 'a'))}<mff/></mdc>`,
    );
    expect(
      blocks.map(({ ne, begin, granularityS, values }) => [ne, begin.slice(11, 19), granularityS, values]),
    ).toEqual([
      ['X', '00:00:00', 60, { a: 1 }],
      ['X', '00:00:00', 3600, { b: 1 }],
      ['Y', '00:00:00', 900, { a: 1 }],
    ]);
  });

  it('goes by the order, or by p where it is written', () => {
    expect(readText(mdc({ values: value('<r></r><r>2</r>') })).blocks[0].values).toEqual({ pmSucc: 2 });
    const types = '<mt p="5">five</mt><mt p="2">two</mt>';
    expect(readText(mdc({ types, values: value('<r p="2">2</r>') })).blocks[0].values).toEqual({ two: 2 });
    const unknown = readText(mdc({ types, values: value('<r p="1">1</r><r p="5">5</r>') }));
    expect(unknown.blocks[0].values).toEqual({ five: 5 });
    expect(warningCodes(unknown.result)).toEqual(['value_without_counter']);
  });

  it('reads vectors, and keeps missing as missing', () => {
    const types = '<mt>v</mt><mt>a</mt><mt>b</mt><mt>c</mt>';
    const { result, blocks } = readText(mdc({ types, values: value('<r>1,,3</r><r>NIL</r><r> </r><r>x</r>') }));
    expect(blocks[0].values).toEqual({ 'v[0]': 1, 'v[2]': 3 });
    expect(result).toMatchObject({ counts: { values: 4, numbers: 2, missing: 3, notNumbers: 1 } });
    expect(warningCodes(result)).toEqual(['value_not_number']);
  });

  it('keeps the suspect flag, also before the values', () => {
    const values = `${value('<sf>TRUE</sf><r>1</r><r>2</r>')}${value('<r>1</r><r>2</r><sf>perhaps</sf>')}${value('')}`;
    const { result, blocks } = readText(mdc({ values }));
    expect(blocks.map(({ suspect }) => suspect)).toEqual([true, true, false]);
    expect(warningCodes(result)).toEqual(['suspect_unreadable']);
  });

  it('does not fetch the DTD, and takes a stylesheet and a declaration in the wrong place', () => {
    const doctype = '<!DOCTYPE mdc SYSTEM "MeasDataCollection.dtd">';
    expect(warningCodes(readText(mdc({ prolog: `<?xml version="1.0"?>${doctype}` })).result)).toEqual([
      'doctype_ignored',
    ]);
    const sheet = '<?xml-stylesheet type="text/xsl" href="MeasDataCollection.xsl"?>\n<?xml version="1.0"?>';
    expect(warningCodes(readText(mdc({ prolog: sheet })).result)).toEqual(['xml_declaration_misplaced']);
  });

  it('takes the user name, the sender or the option where no element is named', () => {
    const named = (parts: MdcParts, ne?: string) => readText(mdc(parts), ne === undefined ? {} : { defaults: { ne } });
    expect(named({ neid: '<neun>B1</neun>' }).blocks[0].ne).toBe('B1');
    const sender = named({ neid: '' });
    expect(sender.blocks[0].ne).toBe('SubNetwork=R,MeContext=B1');
    expect(warningCodes(sender.result)).toEqual(['managed_element_missing']);
    expect(named({ neid: '', header: '' }, 'given').blocks[0].ne).toBe('given');
    expect(rejectionOf(named({ neid: '', header: '' }).result)).toMatchObject({ code: 'managed_element_unknown' });
  });

  it('tolerates a missing footer and unreadable file times', () => {
    expect(warningCodes(readText(mdc({ footer: '' })).result)).toEqual(['footer_missing']);
    expect(warningCodes(readText(mdc({ header: '<cbt>?</cbt>', footer: '<mff><ts>?</ts></mff>' })).result)).toEqual([
      'header_time_unreadable',
      'footer_time_unreadable',
    ]);
    expect(warningCodes(readText(mdc({ values: '<mv><r>1</r><r>2</r></mv><other/>' })).result)).toEqual([
      'object_missing',
      'element_ignored',
    ]);
  });

  it.each<[string, MdcParts, number]>([
    ['value_count_mismatch', { values: value('<r>1</r>') }, 7],
    ['value_count_mismatch', { values: value('<r>1</r><r>2</r><r>3</r>') }, 7],
    ['time_unreadable', { mts: '<mts>today</mts>' }, 7],
    ['period_missing', { mts: '' }, 7],
    ['duration_unreadable', { gp: '<gp>a while</gp>' }, 7],
    ['duration_unreadable', { gp: '' }, 7],
    ['period_invalid', { gp: '<gp>-900</gp>' }, 7],
    ['period_out_of_range', { mts: '<mts>19700101000000Z</mts>' }, 7],
    ['period_out_of_range', { mts: '<mts>20900101000000Z</mts>' }, 7],
    ['period_invalid', { footer: '<mff><ts>20200101000000Z</ts></mff>' }, 8],
    ['counter_name_missing', { types: '<mt></mt>' }, 7],
    ['entity_declared', { prolog: '<!DOCTYPE mdc [<!ENTITY a "b">]>' }, 1],
    ['not_well_formed', { values: '<mv><moid>A=1</mv>' }, 7],
    ['root_unexpected', { prolog: '<!DOCTYPE mdc><other/><!--' }, 1],
  ])('refuses %s', (code, parts, line) => {
    expect(rejectionOf(readText(mdc(parts)).result)).toMatchObject({ code, line });
  });

  it('reads the same however the bytes are cut, and no part of it alone', async () => {
    const bytes = Buffer.from(mdc());
    const whole = readText(bytes);
    for (const size of [1, 2, 7, 64]) expect(await readChunks(bytes, [size])).toEqual(whole);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(readText(bytes.subarray(0, end)).result.status).not.toBe('ok');
    }
  });

  it('reads other encodings', () => {
    const text = mdc({ neid: '<nedn>기지국</nedn>' });
    expect(readText(Buffer.from(`\ufeff${text}`, 'utf16le')).blocks[0].ne).toBe('기지국');
  });
});
