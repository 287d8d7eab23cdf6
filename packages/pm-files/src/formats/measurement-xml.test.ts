import { describe, expect, it } from 'vitest';
import type { CounterLayout } from '../measurement.ts';
import { readPmBuffer } from '../read-pm-file.ts';
import { file32435, NOW_MS, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const LIST = (values: string) => file32435({ types: '<measTypes>x y z</measTypes>', values });

describe('TS 32.435', () => {
  it('reads a file: time, granularity, network element, object, values', () => {
    const { result, blocks } = readText(file32435());
    expect(blocks).toEqual([
      {
        ne: 'ManagedElement=gnb1',
        ldn: 'Cell=1',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { 'a.Att': 10, 'a.Succ': 9 },
      },
    ]);
    expect(result).toEqual({
      status: 'ok',
      format: '3gpp-32.435-xml',
      header: { sender: 'SubNetwork=1', vendor: 'Acme', swVersion: 'R1', formatVersion: '32.435 V10.0' },
      counts: { values: 2, numbers: 2, missing: 0, notNumbers: 0, objects: 1, blocks: 1 },
      period: { beginMs: Date.UTC(2026, 10, 20), endMs: Date.UTC(2026, 10, 20, 0, 15) },
      warnings: [],
    });
  });

  it('gives each measInfo the period of its own granPeriod', () => {
    const info = (duration: string, endTime: string) =>
      `<measInfo><granPeriod duration="${duration}" endTime="${endTime}"/><measTypes>x</measTypes>
       <measValue measObjLdn="Cell=1"><measResults>1</measResults></measValue></measInfo>`;
    const { blocks } = readText(
      file32435({ measInfos: info('PT30S', '2026-11-20T00:00:30Z') + info('PT1H', '2026-11-20T01:00:00+01:00') }),
    );
    expect(blocks.map(({ begin, granularityS }) => [begin, granularityS])).toEqual([
      ['2026-11-20T00:00:00.000Z', 30],
      ['2026-11-19T23:00:00.000Z', 3600],
    ]);
  });

  it('takes a value to the counter with its own p, whatever the order and the gaps', () => {
    const types = '<measType p="7">seven</measType><measType p="2">two</measType><measType p="30">thirty</measType>';
    const values =
      '<measValue measObjLdn="A"><r p="30">3</r><r p="7">1</r></measValue><measValue measObjLdn="B"><r p="2">2</r><r p=" 07 ">4</r></measValue>';
    expect(readText(file32435({ types, values })).blocks.map((block) => block.values)).toEqual([
      { thirty: 3, seven: 1 },
      { two: 2, seven: 4 },
    ]);
  });

  it('reads the list form, also over several lines, and with r elements that carry p', () => {
    expect(
      readText(LIST('<measValue measObjLdn="A"><measResults>1\n 2\t3</measResults></measValue>')).blocks[0].values,
    ).toEqual({ x: 1, y: 2, z: 3 });
    expect(
      readText(LIST('<measValue measObjLdn="A"><r p="3">3</r><r p="1">1</r></measValue>')).blocks[0].values,
    ).toEqual({ x: 1, z: 3 });
  });

  it('takes r elements without p in order where the counters have none either', () => {
    const values = '<measValue measObjLdn="A"><r>1</r><r/><r>3</r></measValue>';
    expect(readText(LIST(values)).blocks[0].values).toEqual({ x: 1, z: 3 });
    expect(
      warningCodes(readText(file32435({ values: '<measValue measObjLdn="A"><r>1</r></measValue>' })).result),
    ).toEqual(['value_without_counter']);
  });

  it('refuses a list whose length is not that of the counters, and takes an empty one for missing values', () => {
    const { result } = readText(LIST('<measValue measObjLdn="A">\n<measResults>1 2</measResults></measValue>'));
    expect(rejectionOf(result)).toMatchObject({ code: 'value_count_mismatch', line: 9 });
    const empty = readText(LIST('<measValue measObjLdn="A"><measResults> </measResults></measValue>'));
    expect(warningCodes(empty.result)).toEqual(['results_empty']);
    expect(empty.result).toMatchObject({ counts: { values: 3, missing: 3, numbers: 0 } });
  });

  it('refuses a list of values for counters whose p are out of order', () => {
    const types = '<measType p="2">b</measType><measType p="1">a</measType>';
    const { result } = readText(
      file32435({ types, values: '<measValue measObjLdn="A"><measResults>1 2</measResults></measValue>' }),
    );
    expect(rejectionOf(result).code).toBe('value_order_unclear');
  });

  it('warns of a value whose p has no counter, with its line', () => {
    const { result, blocks } = readText(
      file32435({ values: '<measValue measObjLdn="A"><r p="1">1</r>\n<r p="9">2</r>\n<r p="8">2</r></measValue>' }),
    );
    expect(blocks[0].values).toEqual({ 'a.Att': 1 });
    expect(result).toMatchObject({
      warnings: [{ code: 'value_without_counter', line: 9, count: 2 }],
      counts: { values: 3 },
    });
  });

  it('refuses two counters with one p; one counter listed under two p is one counter', () => {
    const twice = readText(file32435({ types: '<measType p="1">a</measType><measType p="1">b</measType>' }));
    expect(rejectionOf(twice.result)).toMatchObject({
      code: 'position_repeated',
      message: expect.stringContaining('a and b'),
    });
    const same = readText(file32435({ types: '<measType p="1">a</measType><measType p="2">a</measType>' }));
    expect(same.blocks[0].values).toEqual({ a: 9 });
    expect(warningCodes(same.result)).toEqual(['value_repeated']);
  });

  it('refuses a counter named behind the first measValue', () => {
    const values = '<measValue measObjLdn="A"><r p="1">1</r></measValue><measType p="3">late</measType>';
    expect(rejectionOf(readText(file32435({ values })).result).code).toBe('counter_misplaced');
  });

  it('reads several measData, each with its managed element', () => {
    const second = '</measData><measData><managedElement userLabel="only a label"/>';
    const info = (ldn: string) =>
      `<measInfo><granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/><measTypes>x</measTypes>
       <measValue measObjLdn="${ldn}"><measResults>1</measResults></measValue></measInfo>`;
    const { result, blocks } = readText(file32435({ measInfos: info('A') + second + info('A') }));
    expect(blocks.map(({ ne }) => ne)).toEqual(['ManagedElement=gnb1', 'only a label']);
    expect(result).toMatchObject({ counts: { objects: 2, blocks: 2 } });
  });

  it('splits vectors and tells scalars by the value alone', () => {
    const values = `<measValue measObjLdn="A"><r p="1">5</r><r p="2">1,,3, ,</r></measValue>
      <measValue measObjLdn="B"><r p="1">7,8</r><r p="2">6</r></measValue>`;
    const { result, blocks } = readText(file32435({ values }));
    expect(blocks[0].values).toEqual({ 'a.Att': 5, 'a.Succ[0]': 1, 'a.Succ[2]': 3 });
    expect(blocks[1].values).toEqual({ 'a.Att[0]': 7, 'a.Att[1]': 8, 'a.Succ': 6 });
    expect(result).toMatchObject({ counts: { values: 4, numbers: 6, missing: 3 } });
  });

  it('keeps one column where a scalar is named like an element of a vector', () => {
    const types = '<measType p="1">v</measType><measType p="2">v[1]</measType>';
    const { result, blocks } = readText(
      file32435({ types, values: '<measValue measObjLdn="A"><r p="1">1,2</r><r p="2">5</r></measValue>' }),
    );
    expect(blocks[0].values).toEqual({ 'v[0]': 1, 'v[1]': 5 });
    expect(warningCodes(result)).toEqual(['value_repeated']);
  });

  it('takes empty, blank, NIL, NaN and nil for missing, and hands on no counter that never had a value', () => {
    const types = '<measTypes>a b c d e f</measTypes>';
    const values =
      '<measValue measObjLdn="A"><r p="1"/><r p="2">  </r><r p="3">NIL</r><r p="4">NaN</r><r p="5">nil</r><r p="6">0.000000</r></measValue>';
    const { result, layouts } = readText(file32435({ types, values }));
    expect(layouts).toEqual([['f']]);
    expect(result).toMatchObject({ counts: { values: 6, missing: 5, numbers: 1, notNumbers: 0 }, warnings: [] });
  });

  it('keeps a text where a number should be as missing, counts it and says where', () => {
    const { result, blocks } = readText(
      file32435({ values: '<measValue measObjLdn="A">\n<r p="1">N/A</r><r p="2">1,x</r></measValue>' }),
    );
    expect(blocks[0].values).toEqual({ 'a.Succ[0]': 1 });
    expect(result).toMatchObject({
      counts: { notNumbers: 2 },
      warnings: [{ code: 'value_not_number', line: 9, count: 2 }],
    });
  });

  it('keeps suspect, before or after the values', () => {
    const values = `<measValue measObjLdn="A"><suspect>true</suspect><r p="1">1</r></measValue>
      <measValue measObjLdn="B"><r p="1">1</r><suspect> 1 </suspect></measValue><measValue measObjLdn="C"><suspect>false</suspect></measValue>
      <measValue measObjLdn="D"/>`;
    expect(readText(file32435({ values })).blocks.map(({ suspect }) => suspect)).toEqual([true, true, false, false]);
  });

  it('hands on an object that comes in several measValue as it comes', () => {
    const values =
      '<measValue measObjLdn="A"><r p="1">1</r></measValue><measValue measObjLdn="A"><r p="2">2</r></measValue>';
    const { result, blocks } = readText(file32435({ values }));
    expect(blocks.map((block) => block.values)).toEqual([{ 'a.Att': 1 }, { 'a.Succ': 2 }]);
    expect(result).toMatchObject({ counts: { objects: 1, blocks: 2 } });
  });

  it('takes the file sender where there is no managed element, then the option, then refuses', () => {
    const fromSender = readText(file32435({ managedElement: '' }));
    expect(fromSender.blocks[0].ne).toBe('SubNetwork=1');
    expect(warningCodes(fromSender.result)).toEqual(['managed_element_missing']);
    const nameless = file32435({ managedElement: '<managedElement localDn=""/>', sender: '<fileSender/>' });
    expect(readText(nameless, { defaults: { ne: 'ne-9' } }).blocks[0].ne).toBe('ne-9');
    expect(rejectionOf(readText(nameless).result).code).toBe('managed_element_unknown');
  });

  it('takes the duration of repPeriod where that of granPeriod is unreadable, else refuses', () => {
    const broken = '<granPeriod duration="some duration" endTime="2026-11-20T00:15:00Z"/>';
    const { result, blocks } = readText(file32435({ granPeriod: `${broken}<repPeriod duration="PT300S"/>` }));
    expect(blocks[0]).toMatchObject({ begin: '2026-11-20T00:10:00.000Z', granularityS: 300 });
    expect(warningCodes(result)).toEqual(['duration_unreadable']);
    expect(rejectionOf(readText(file32435({ granPeriod: broken })).result)).toMatchObject({
      code: 'duration_unreadable',
      line: 8,
    });
  });

  it.each([
    ['period_out_of_range', '<granPeriod duration="PT900S" endTime="1970-01-20T13:46:00Z"/>', '1970-01-20T13:46:00Z'],
    ['period_out_of_range', '<granPeriod duration="PT900S" endTime="2090-01-01T00:00:00Z"/>', '2090-01-01T00:00:00Z'],
    ['period_invalid', '<granPeriod duration="-PT900S" endTime="2026-11-20T00:15:00Z"/>', '-PT900S'],
    ['period_invalid', '<granPeriod duration="PT0S" endTime="2026-11-20T00:15:00Z"/>', 'PT0S'],
    ['period_invalid', '<granPeriod duration="P32D" endTime="2026-11-20T00:15:00Z"/>', 'P32D'],
    ['period_invalid', '<granPeriod duration="PT0.5S" endTime="2026-11-20T00:15:00Z"/>', 'PT0.5S'],
    ['time_unreadable', '<granPeriod duration="PT900S" endTime="soon"/>', 'soon'],
    ['period_missing', '', 'granPeriod'],
  ])('refuses a wrong clock: %s for %s', (code, granPeriod, written) => {
    const { result, blocks } = readText(file32435({ granPeriod }));
    expect(rejectionOf(result)).toMatchObject({
      code,
      message: expect.stringContaining(written),
      line: expect.any(Number),
    });
    expect(blocks).toEqual([]);
  });

  it('accepts a period that ends up to 48 hours from now', () => {
    expect(
      readText(file32435({ granPeriod: '<granPeriod duration="PT900S" endTime="2026-11-24T00:00:00Z"/>' })).result
        .status,
    ).toBe('ok');
    expect(
      readText(file32435({ granPeriod: '<granPeriod duration="PT900S" endTime="2026-11-24T00:00:01Z"/>' })).result
        .status,
    ).toBe('rejected');
  });

  it('refuses a file that begins after its end', () => {
    const footer = '<fileFooter><measCollec endTime="2026-11-19T00:00:00Z"/></fileFooter>';
    expect(rejectionOf(readText(file32435({ footer })).result)).toMatchObject({ code: 'period_invalid' });
  });

  it('takes a time without offset for that of the zone given', () => {
    const granPeriod = '<granPeriod duration="PT900S" endTime="2026-11-20T09:15:00"/>';
    expect(readText(file32435({ granPeriod }), { defaults: { timeZone: 'Asia/Seoul' } }).blocks[0].begin).toBe(
      '2026-11-20T00:00:00.000Z',
    );
  });

  it('reads a file without measurements, and says so', () => {
    expect(warningCodes(readText(file32435({ measInfos: '' })).result)).toEqual(['no_measurements']);
  });

  it('reads a file without footer, and says so', () => {
    expect(warningCodes(readText(file32435({ footer: '' })).result)).toEqual(['footer_missing']);
  });

  it('tolerates another namespace where the structure is right, and only there', () => {
    const named = readText(file32435({ root: 'measCollecFile xmlns="urn:other"' }));
    expect(named.blocks).toHaveLength(1);
    expect(warningCodes(named.result)).toEqual(['namespace_unexpected']);
    expect(rejectionOf(readText('<measCollecFile xmlns="urn:other"><p>1</p></measCollecFile>').result).code).toBe(
      'namespace_unexpected',
    );
  });

  it('reads elements with a namespace prefix', () => {
    const prefixed = file32435({
      root: 'measCollecFile xmlns:m="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"',
    }).replace(/<(\/?)(?=[a-zA-Z])/g, '<$1m:');
    expect(readText(prefixed)).toMatchObject({
      result: { status: 'ok', warnings: [] },
      blocks: [{ values: { 'a.Att': 10 } }],
    });
  });

  it('leaves out what it does not know, and says so where values could be in it', () => {
    const values = '<measValue measObjLdn="A"><r p="1">1<x>2</x></r><extra><r p="2">5</r></extra></measValue>';
    const { result, blocks } = readText(file32435({ values }));
    expect(blocks[0].values).toEqual({ 'a.Att': 1 });
    expect(warningCodes(result)).toEqual(['element_ignored']);
  });

  it('tolerates a stylesheet before the XML declaration, a byte order mark and a DTD reference', () => {
    const stylesheet = '<?xml-stylesheet type="text/xsl" href="x.xsl"?>\n<?xml version="1.0"?>\n';
    expect(warningCodes(readText(file32435({ prolog: stylesheet })).result)).toEqual(['xml_declaration_misplaced']);
    expect(warningCodes(readText(`\ufeff${file32435()}`).result)).toEqual(['byte_order_mark']);
    const doctype = '<!DOCTYPE measCollecFile SYSTEM "http://192.0.2.1/never.dtd">';
    expect(warningCodes(readText(file32435({ prolog: doctype })).result)).toEqual(['doctype_ignored']);
  });

  it('reads UTF-16 with a byte order mark and the encodings that the declaration names', () => {
    const korean = file32435({
      prolog: '<?xml version="1.0" encoding="UTF-16"?>',
      managedElement: '<managedElement localDn="서울"/>',
    });
    expect(readText(Buffer.from(`\ufeff${korean}`, 'utf16le')).blocks[0].ne).toBe('서울');
    expect(readText(Buffer.from(`\ufeff${korean}`, 'utf16le').swap16()).blocks[0].ne).toBe('서울');
    const latin = file32435({
      prolog: '<?xml version="1.0" encoding="ISO-8859-1"?>',
      managedElement: '<managedElement localDn="Köln"/>',
    });
    expect(readText(Buffer.from(latin, 'latin1')).blocks[0].ne).toBe('Köln');
    expect(
      rejectionOf(readText(file32435({ prolog: '<?xml version="1.0" encoding="EBCDIC-37"?>' })).result),
    ).toMatchObject({
      code: 'encoding_unknown',
      message: expect.stringContaining('ebcdic-37'),
    });
    expect(
      rejectionOf(
        readText(Buffer.from(file32435({ managedElement: '<managedElement localDn="Köln"/>' }), 'latin1')).result,
      ).code,
    ).toBe('not_well_formed');
  });

  it('resolves references in names and values', () => {
    const values =
      '<measValue measObjLdn="A&amp;B=&quot;1&quot;"><r p="1">&#49;<![CDATA[0]]><!-- x -->1</r></measValue>';
    expect(readText(file32435({ values })).blocks[0]).toMatchObject({ ldn: 'A&B="1"', values: { 'a.Att': 101 } });
  });

  it('reuses the layout object while no counter is new, also from file to file', () => {
    const values =
      '<measValue measObjLdn="A"><r p="1">1</r></measValue><measValue measObjLdn="B"><r p="1">1</r></measValue><measValue measObjLdn="C"><r p="2">1</r></measValue>';
    const xml = file32435({ types: '<measTypes>layout.a layout.b</measTypes>', values });
    const layouts: CounterLayout[] = [];
    for (let i = 0; i < 2; i += 1)
      readPmBuffer(Buffer.from(xml), ({ layout }) => layouts.push(layout), { nowMs: NOW_MS });
    expect(layouts.map(({ names }) => names.length)).toEqual([1, 1, 2, 1, 1, 2]);
    expect(new Set(layouts).size).toBe(2);
  });
});

describe('TS 28.532', () => {
  it('reads measDataFile with measEntity and senderName', () => {
    const { result, blocks } = readText(`<?xml version="1.0"?>
      <measDataFile xmlns="http://www.3gpp.org/ftp/specs/archive/28_series/28.550#measData">
        <fileHeader fileFormatVersion="28.550 V16.0" vendorName="Acme"><fileSender senderName="omc-1" senderType="gNB"/><measData beginTime="2026-11-20T00:00:00Z"/></fileHeader>
        <measData><measEntity localDn="ManagedElement=7" swVersion="R2"/>
          <measInfo measInfoId="x"><job jobId="1"/><granPeriod duration="PT300S" endTime="2026-11-20T00:05:00Z"/><repPeriod duration="PT900S"/>
            <measType p="1">DRB.UEThpDl</measType>
            <measValue measObjLdn="NRCellDU=1"><r p="1">1.5</r><suspect>true</suspect></measValue>
          </measInfo>
          <measInfo measInfoId="y"><granPeriod duration="PT300S" endTime="2026-11-20T00:10:00Z"/><measTypes>DRB.UEThpDl</measTypes>
            <measValue measObjLdn="NRCellDU=1"><measResults>2.5</measResults></measValue>
          </measInfo>
        </measData>
        <fileFooter><measData endTime="2026-11-20T00:15:00Z"/></fileFooter>
      </measDataFile>`);
    expect(result).toMatchObject({
      status: 'ok',
      format: '3gpp-28.532-xml',
      header: { sender: 'omc-1', swVersion: 'R2' },
      warnings: [],
    });
    expect(blocks).toMatchObject([
      { ne: 'ManagedElement=7', begin: '2026-11-20T00:00:00.000Z', suspect: true, values: { 'DRB.UEThpDl': 1.5 } },
      { ne: 'ManagedElement=7', begin: '2026-11-20T00:05:00.000Z', suspect: false, values: { 'DRB.UEThpDl': 2.5 } },
    ]);
  });
});
