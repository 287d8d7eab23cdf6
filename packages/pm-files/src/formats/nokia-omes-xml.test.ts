import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const setup = (inner: string, start = '2026-11-20T10:15:00.000+02:00:00', interval = '15') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<OMeS version="2.3">
<PMSetup startTime="${start}" interval="${interval}">
${inner}
</PMSetup>
</OMeS>`;
const result = (dn: string, target: string) => `<PMMOResult><MO><DN>${dn}</DN></MO>${target}</PMMOResult>`;
const CELL = 'PLMN-PLMN/MRBTS-123/LNBTS-123/LNCEL-5';
const LOAD = '<PMTarget measurementType="LTE_Cell_Load"><M8001C0>90</M8001C0><M8001C5>1.5</M8001C5></PMTarget>';

describe('Nokia OMeS', () => {
  it('reads a file: time, granularity, network element, object, family, values', () => {
    const { result: read, blocks } = readText(setup(result(CELL, LOAD)));
    expect(blocks).toEqual([
      {
        ne: 'MRBTS-123',
        ldn: 'LNBTS=123,LNCEL=5',
        begin: '2026-11-20T08:15:00.000Z',
        granularityS: 900,
        suspect: false,
        family: 'LTE_Cell_Load',
        values: { M8001C0: 90, M8001C5: 1.5 },
      },
    ]);
    expect(read).toMatchObject({
      status: 'ok',
      format: 'nokia-omes-xml',
      header: { formatVersion: '2.3', vendor: 'Nokia' },
      counts: { values: 2, numbers: 2, objects: 1, blocks: 1 },
      warnings: [],
    });
  });

  it.each([
    ['PLMN-PLMN/RNC-10/WBTS-2/WCEL-3', 'RNC-10/WBTS-2', 'WCEL=3'],
    ['PLMN-PLMN/RNC-10', 'RNC-10', ''],
    ['PLMN-PLMN/BSC-1/BCF-2/BTS-3', 'BSC-1', 'BCF=2,BTS=3'],
    ['PLMN-PLMN/MRBTS-7/NRBTS-7/NRCELL-1', 'MRBTS-7', 'NRBTS=7,NRCELL=1'],
    ['LNBTS-9/LNCEL-1', 'LNBTS-9', 'LNCEL=1'],
    ['PLMN-PLMN', 'PLMN-PLMN', ''],
    [' PLMN-PLMN/MRBTS-1/EQM-1/odd,id/X-a\\b-c ', 'MRBTS-1', 'EQM=1,odd\\,id,X=a\\\\b-c'],
  ])('%s is of the network element %s', (dn, ne, ldn) => {
    expect(readText(setup(result(dn, LOAD))).blocks).toMatchObject([{ ne, ldn }]);
  });

  it('takes any element with counters, several of one object, and other objects of the same time', () => {
    const targets = `<NE-WBTS_1.0 measurementType="ServiceLevel"><M1001C0>1</M1001C0></NE-WBTS_1.0><PMTarget><M1>2</M1></PMTarget>`;
    const { blocks } = readText(
      setup(result('PLMN-PLMN/RNC-1/WBTS-2', targets) + result('PLMN-PLMN/RNC-1/WBTS-3', targets)),
    );
    expect(blocks.map(({ ne, family, values }) => [ne, family, values])).toEqual([
      ['RNC-1/WBTS-2', 'ServiceLevel', { M1001C0: 1 }],
      ['RNC-1/WBTS-2', null, { M1: 2 }],
      ['RNC-1/WBTS-3', 'ServiceLevel', { M1001C0: 1 }],
      ['RNC-1/WBTS-3', null, { M1: 2 }],
    ]);
  });

  it('names the object by all its MOs, nested or not, and by baseId and localMoid', () => {
    const mos = '<MO dimension="network_element"><DN>PLMN-PLMN/MRBTS-1/LNBTS-1/LNCEL-5</DN><x>y</x></MO>';
    const other = '<MO dimension="neighbour"><DN>ECI-77</DN></MO>';
    const flat = `<PMMOResult>${mos}${other}${LOAD}</PMMOResult>`;
    const nested = `<PMMOResult>${mos.replace('</MO>', `${other}</MO>`)}${LOAD}</PMMOResult>`;
    const local = `<PMMOResult><MO><baseId>NE-MRBTS-1</baseId><localMoid>DN:LNBTS-1/LNCEL-5</localMoid></MO>${LOAD}</PMMOResult>`;
    const read = readText(setup(flat + nested + local));
    expect(read.blocks.map(({ ne, ldn }) => `${ne}|${ldn}`)).toEqual([
      'MRBTS-1|LNBTS=1,LNCEL=5,ECI=77',
      'MRBTS-1|LNBTS=1,LNCEL=5,ECI=77',
      'MRBTS-1|LNBTS=1,LNCEL=5',
    ]);
    expect(warningCodes(read.result)).toEqual([]);
  });

  it('takes a counter that is left out for missing, not for 0', () => {
    const target = (inner: string) => `<PMTarget measurementType="T">${inner}</PMTarget>`;
    const { blocks, layouts } = readText(
      setup(
        result('R/A-1', target('<a>1</a><b>0</b>')) +
          result('R/A-2', target('<b>2</b>')) +
          result('R/A-3', target('<c/><a>NaN</a><b>x</b>')),
      ),
    );
    expect(blocks.map(({ values }) => values)).toEqual([{ a: 1, b: 0 }, { b: 2 }, {}]);
    expect(layouts).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('gives each PMSetup its own period', () => {
    const hour = setup(result(CELL, LOAD), '2026-11-20T00:00:00Z', '60').replace(/^[\s\S]*<OMeS[^>]*>|<\/OMeS>$/g, '');
    const { blocks } = readText(setup(result(CELL, LOAD)).replace('</OMeS>', `${hour}</OMeS>`));
    expect(blocks.map(({ begin, granularityS }) => [begin, granularityS])).toEqual([
      ['2026-11-20T08:15:00.000Z', 900],
      ['2026-11-20T00:00:00.000Z', 3600],
    ]);
  });

  it('says what it tolerates', () => {
    const repeated = '<PMTarget><a>1</a><a>2</a><b><x/>3</b></PMTarget><NE/>';
    const read = readText(setup(`${result(CELL, repeated)}<odd/>`));
    expect(read.blocks.map(({ values }) => values)).toEqual([{ a: 2, b: 3 }, {}]);
    expect(warningCodes(read.result)).toEqual(['value_repeated', 'element_ignored']);
    expect(warningCodes(readText(setup('')).result)).toEqual(['no_measurements']);
    const nameless = readText(setup(`<PMMOResult>${LOAD}</PMMOResult>`), { defaults: { ne: 'n' } });
    expect(nameless.blocks).toMatchObject([{ ne: 'n', ldn: '' }]);
    expect(warningCodes(nameless.result)).toEqual(['object_missing']);
  });

  it.each([
    ['managed_element_unknown', setup(`<PMMOResult>${LOAD}</PMMOResult>`), 4],
    ['time_unreadable', setup(result(CELL, LOAD), 'noon'), 4],
    ['period_missing', setup(result(CELL, LOAD)).replace(/ startTime="[^"]*"/, ''), 4],
    ['duration_unreadable', setup(result(CELL, LOAD), undefined, 'PT15M'), 4],
    ['period_invalid', setup(result(CELL, LOAD), undefined, '0'), 4],
    ['period_invalid', setup(result(CELL, LOAD), undefined, '99999'), 4],
    ['period_out_of_range', setup(result(CELL, LOAD), '1970-01-01T00:00:00Z'), 4],
    ['root_unexpected', `<!DOCTYPE OMeS><omes/>`, 1],
    ['truncated', setup(result(CELL, LOAD)).slice(0, -5), 6],
  ])('refuses %s', (code, xml, line) => {
    expect(rejectionOf(readText(xml).result)).toMatchObject({ code, line });
  });

  it('stays in proportion to the values where every object has counters of its own', () => {
    const results = Array.from({ length: 3000 }, (_, i) =>
      result(`R/A-${i}`, `<PMTarget><c${i}>${i}</c${i}></PMTarget>`),
    );
    const { blocks, layouts } = readText(setup(results.join('')));
    expect(blocks[2999].values).toEqual({ c2999: 2999 });
    expect(Math.max(...layouts.map((names) => names.length))).toBeLessThan(100);
  });

  it('reads the same however the bytes are cut, and no part of it alone', async () => {
    const bytes = Buffer.from(setup(result(CELL, LOAD)));
    const whole = readText(bytes);
    for (const size of [1, 3, 50]) expect(await readChunks(bytes, [size])).toEqual(whole);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(readText(bytes.subarray(0, end)).result.status).not.toBe('ok');
    }
  });
});
