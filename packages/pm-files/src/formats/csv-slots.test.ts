import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const HEADER = 'Category,Family,Peg,Unit,2026-11-20 00:00,2026-11-20 00:15,2026-11-20 00:30\n';
const GIVEN = { defaults: { ne: 'gnb-1', cell: '20' } };
const read = (csv: string) => readText(csv, GIVEN);

describe('slots CSV', () => {
  it('reads a row a PEG and a column a time, of the cell given', () => {
    const { result, blocks } = read(`${HEADER}LTE,F,Att,count,1,2,3\nLTE,F,Succ,count,1,,"1,000"\n`);
    expect(blocks).toEqual([
      {
        ne: 'gnb-1',
        ldn: 'Cell=20',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 900,
        suspect: false,
        family: 'F',
        values: { Att: 1, Succ: 1 },
      },
      expect.objectContaining({ begin: '2026-11-20T00:15:00.000Z', values: { Att: 2 } }),
      expect.objectContaining({ begin: '2026-11-20T00:30:00.000Z', values: { Att: 3, Succ: 1000 } }),
    ]);
    expect(result).toMatchObject({
      format: 'csv-slots',
      counts: { values: 6, numbers: 5, missing: 1, objects: 1, blocks: 3 },
      warnings: [],
    });
  });

  it('keeps PEGs of one name in two families apart', () => {
    const { blocks } = read(`${HEADER}LTE,PCell,Thru,Kbps,1,2,3\nLTE,SCell,Thru,Kbps,4,5,6\n`);
    expect(blocks.map(({ family, values }) => [family, values])).toEqual([
      ...[1, 2, 3].map((value) => ['PCell', { Thru: value }]),
      ...[4, 5, 6].map((value) => ['SCell', { Thru: value }]),
    ]);
  });

  it('keeps rows apart that differ only in their unit, where it is the value of a dimension', () => {
    const rows = ['RSSIPath0,1,1,1', 'RSSIPath1,2,2,2', 'dBm,3,3,3', ',4,4,4'].map((rest) => `LTE,F,Rssi,${rest}\n`);
    const { result, blocks } = read(HEADER + rows.join(''));
    expect(blocks[0].values).toEqual({ 'Rssi{Unit=RSSIPath0}': 1, 'Rssi{Unit=RSSIPath1}': 2, Rssi: 4 });
    expect(warningCodes(result)).toEqual(['value_repeated']);
  });

  it('leaves out slots that are still to come or absent', () => {
    const { result, blocks } = read(`${HEADER}LTE,F,a,,1,-,NA\nLTE,F,b,,2\nLTE,F,c\n`);
    expect(blocks.map(({ begin, values }) => [begin.slice(11, 16), values])).toEqual([['00:00', { a: 1, b: 2 }]]);
    expect(result).toMatchObject({ counts: { values: 4, numbers: 2, missing: 2, blocks: 1 } });
  });

  it('joins the rows of a PEG', () => {
    const { result, blocks } = read(`${HEADER}LTE,F,a,,1,-,3\nLTE,F,a,,-,2,3\n`);
    expect(blocks.map(({ values }) => values)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(warningCodes(result)).toEqual([]);
  });

  it('takes other column names: ranges, basic dates, times of day beside a date, a column that is no time', () => {
    const begins = (csv: string) =>
      read(csv).blocks.map(({ begin, granularityS }) => [begin.slice(5, 16), granularityS]);
    expect(begins('peg,2026/11/20 01:00~02:00,202611200200~0300\na,1,2\n')).toEqual([
      ['11-20T01:00', 3600],
      ['11-20T02:00', 3600],
    ]);
    expect(begins('peg;date;0:00;00:05\na;2026-11-20;1;2\na;2026-11-21;3;4\n')).toEqual([
      ['11-20T00:00', 300],
      ['11-20T00:05', 300],
      ['11-21T00:00', 300],
      ['11-21T00:05', 300],
    ]);
    const extra = read('peg,remark,2026-11-20 01:00\na,b,1\n');
    expect(extra.blocks).toMatchObject([{ granularityS: 900, family: null, values: { a: 1 } }]);
    expect(warningCodes(extra.result)).toEqual(['column_ignored', 'granularity_assumed']);
  });

  it('takes network element and cell from columns where there are any', () => {
    const csv = `NE,Cell,${HEADER}n1,1,L,F,a,,1,1,1\nn2,2,L,F,a,,2,2,2\n`;
    const { blocks } = readText(csv);
    expect(blocks.filter((_, i) => i % 3 === 0)).toMatchObject([
      { ne: 'n1', ldn: 'Cell=1', values: { a: 1 } },
      { ne: 'n2', ldn: 'Cell=2', values: { a: 2 } },
    ]);
  });

  it('reads Korean headers, semicolons and decimal commas', () => {
    const csv = '구분;패밀리;지표명;단위;2026-11-20 00:00;2026-11-20 00:15\nLTE;F;접속률;%;99,5;1.000,5\n';
    expect(read(csv).blocks.map(({ family, values }) => [family, values])).toEqual([
      ['F', { 접속률: 99.5 }],
      ['F', { 접속률: 1000.5 }],
    ]);
  });

  it('says which network element it wants', () => {
    const rejection = rejectionOf(readText(`${HEADER}LTE,F,a,,1,2,3\n`).result);
    expect(rejection).toMatchObject({
      code: 'managed_element_unknown',
      line: 2,
      hint: expect.stringContaining('--ne'),
    });
    expect(readText(`${HEADER}LTE,F,a,,1,2,3\n`, { defaults: { ne: 'n' } }).blocks[0]).toMatchObject({ ldn: '' });
  });

  it.each([
    ['counter_name_missing', `${HEADER}LTE,F,,,1,2,3\n`, 2],
    ['row_width', `${HEADER}LTE\n`, 2],
    ['truncated', `${HEADER}LTE,F,a,,1,2`, 2],
    ['period_out_of_range', `${HEADER.replaceAll('2026', '2090')}LTE,F,a,,1,2,3\n`, 1],
    ['too_many_columns', `${HEADER.trimEnd()}${',x'.repeat(20_000)}\n`, 1],
  ])('refuses a bad table: %s', (code, csv, line) => {
    expect(rejectionOf(read(csv).result)).toMatchObject({ code, line });
  });

  it('hands on large tables in parts that add up', () => {
    const times = Array.from({ length: 2000 }, (_, i) => new Date(Date.UTC(2026, 8, 1) + i * 900_000).toISOString());
    const rows = Array.from({ length: 1200 }, (_, i) => `p${i},${i}\n`);
    const { result, blocks } = read(`peg,${times.join(',')}\n${rows.join('')}`);
    expect(result).toMatchObject({ counts: { values: 1200, numbers: 1200, blocks: 3 } });
    expect(Object.assign({}, ...blocks.map(({ values }) => values))).toMatchObject({ p0: 0, p1199: 1199 });
  });

  it('reads the same however the bytes are cut', async () => {
    const bytes = Buffer.from(`${HEADER}LTE,F,a,,1,2,3\nLTE,"F,2",b,RSSIPath0,x,-\n`);
    const whole = read(bytes.toString());
    for (const size of [1, 3, 50]) expect(await readChunks(bytes, [size], GIVEN)).toEqual(whole);
  });
});
