import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const HEADER = 'time,ne,cell,a,b\n';
const row = (values: string, minute = '00', cell = '20') => `2026-11-20T00:${minute}:00Z,ne1,${cell},${values}\n`;

describe('wide CSV', () => {
  it('reads a row a time, network element and cell, and a column a PEG', () => {
    const { result, blocks } = readText(HEADER + row('1,2') + row('3,4', '05') + row('5,', '00', 'NRCellDU=7'));
    expect(blocks).toEqual([
      {
        ne: 'ne1',
        ldn: 'Cell=20',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 300,
        suspect: false,
        family: null,
        values: { a: 1, b: 2 },
      },
      expect.objectContaining({ begin: '2026-11-20T00:05:00.000Z', granularityS: 300, values: { a: 3, b: 4 } }),
      expect.objectContaining({ ldn: 'NRCellDU=7', values: { a: 5 } }),
    ]);
    expect(result).toMatchObject({
      format: 'csv-wide',
      counts: { values: 6, numbers: 5, missing: 1, objects: 2, blocks: 3 },
      warnings: [],
    });
  });

  it('keeps (%) headers with values of 0…1 as they are, and reads what exports write', () => {
    const csv = `Date;Time;NE Name;Cell ID;CSSR(%);Rate(Kbps);Load;Rank;Drop
2026-11-20;9:15;n;1;0,9987;266.510,5;12,5 %;-;Deno0
2026-11-20;09:30;n;1;1,0;1.266.510;NA;N/D
`;
    const { result, blocks } = readText(csv, { defaults: { timeZone: 'Asia/Seoul' } });
    expect(blocks.map(({ begin, granularityS, values }) => [begin, granularityS, values])).toEqual([
      ['2026-11-20T00:15:00.000Z', 900, { 'CSSR(%)': 0.9987, 'Rate(Kbps)': 266_510.5, Load: 12.5 }],
      ['2026-11-20T00:30:00.000Z', 900, { 'CSSR(%)': 1, 'Rate(Kbps)': 1_266_510 }],
    ]);
    expect(result).toMatchObject({ counts: { values: 9, numbers: 5, missing: 4 }, warnings: [] });
  });

  it.each([
    ['comma', '1,5;1.234', [1.5, 1234]],
    ['point', '1.5;1,234', [1.5, 1234]],
    ['unknown', '1,234;1.234', [1.234, 1.234]],
    ['comma', '"1,5";-,25 %', [1.5, -0.25]],
    ['point, by a number with both', '1,234.5;2,000', [1234.5, 2000]],
    ['comma, by a number with both', '1.234,5;2.000', [1234.5, 2000]],
  ])('tells the decimal mark by the values: %s', (_mark, values, expected) => {
    const csv = `time;ne;cell;a;b\n2026-11-20T00:00:00Z;n;1;${values}\n`;
    expect(Object.values(readText(csv).blocks[0].values)).toEqual(expected);
  });

  it('reads Korean headers and names in UTF-8 and CP949', () => {
    const line = '2026-11-20 00:00,서울,3,7\n';
    const csv = `일시,국소명,셀번호,접속 성공률(%)\n${line}`;
    expect(readText(csv).blocks).toMatchObject([{ ne: '서울', ldn: 'Cell=3', values: { '접속 성공률(%)': 7 } }]);
    const cp949 = Buffer.concat([
      Buffer.from([0xc0, 0xcf, 0xbd, 0xc3, 0x2c, 0xb1, 0xb9, 0xbc, 0xd2, 0xb8, 0xed, 0x2c]),
      Buffer.from([0xbc, 0xbf, 0x2c, 0xb0, 0xaa]),
      Buffer.from('1\n2026-11-20 00:00,'),
      Buffer.from([0xbc, 0xad, 0xbf, 0xef]),
      Buffer.from(',3,7\n'),
    ]);
    const korean = readText(cp949);
    expect(korean.blocks).toMatchObject([{ ne: '서울', ldn: 'Cell=3', values: { 값1: 7 } }]);
    expect(warningCodes(korean.result)).toEqual(['encoding_assumed', 'granularity_assumed']);
    const utf16 = readText(Buffer.from(`\ufeff${csv}`, 'utf16le'));
    expect(utf16.blocks).toMatchObject([{ ne: '서울', values: { '접속 성공률(%)': 7 } }]);
  });

  it('names sub-counters by the columns that are dimensions', () => {
    const csv = `time,ne,cell,QCI,Unit,Vol\n${['9,RSSIPath0,1', '9,RSSIPath1,2', '-,Kbps,3', 'a=b,,4']
      .map((rest) => `2026-11-20T00:00:00Z,n,1,${rest}\n`)
      .join('')}`;
    const { result, blocks } = readText(csv);
    expect(blocks.map(({ values }) => values)).toEqual([
      { 'Vol{QCI=9,Unit=RSSIPath0}': 1 },
      { 'Vol{QCI=9,Unit=RSSIPath1}': 2 },
      { Vol: 3 },
      { "Vol{QCI='a=b'}": 4 },
    ]);
    expect(warningCodes(result)).toEqual(['granularity_assumed']);
  });

  it('takes family, suspect flag and granularity from their columns', () => {
    const csv =
      'time,ne,cell,family,suspect,period,a\n2026-11-20T00:00:00Z,n,1,F,yes,3600,1\n2026-11-20T00:00:00Z,n,1,G,no,3600,2\n';
    expect(readText(csv).blocks).toMatchObject([
      { family: 'F', suspect: true, granularityS: 3600, values: { a: 1 } },
      { family: 'G', suspect: false, granularityS: 3600, values: { a: 2 } },
    ]);
  });

  it('leaves columns of text out, and says so', () => {
    const csv = `time,ne,cell,region,a,b\n${['north,1,-', 'south,x,-'].map((rest, i) => `2026-11-20T00:0${i}:00Z,n,1,${rest}\n`).join('')}`;
    const { result, blocks } = readText(csv);
    expect(blocks.map(({ values }) => values)).toEqual([{ a: 1 }, {}]);
    expect(result).toMatchObject({ counts: { values: 4, numbers: 1, missing: 2, notNumbers: 1 } });
    expect(result).toMatchObject({
      warnings: [
        { code: 'column_ignored', line: 1 },
        { code: 'value_not_number', line: 3 },
      ],
    });
  });

  it('says where rows repeat an object and time, and hands on the later behind the earlier', () => {
    const { result, blocks } = readText(HEADER + row('1,2') + row('3,-') + row('3,-'));
    expect(blocks.map(({ values }) => values)).toEqual([{ a: 1, b: 2 }, { a: 3 }, { a: 3 }]);
    expect(result).toMatchObject({
      warnings: [{ code: 'row_repeated', line: 3, count: 2 }, { code: 'granularity_assumed' }],
    });
  });

  it('takes the network element from the options', () => {
    const csv = 'time,a\n2026-11-20T00:00:00Z,1\n';
    expect(readText(csv, { defaults: { ne: 'n', cell: '3' } }).blocks).toMatchObject([{ ne: 'n', ldn: 'Cell=3' }]);
    expect(readText(csv).result).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('a column for time, but none for network element (or say it: --ne NAME)'),
    });
  });

  it.each(['time,ne,severity\n2026-11-20,n,major\n', 'time,ne\n2026-11-20,n\n', 'a,b\n1,2\n', 'name,age\n', ''])(
    'is not any table: %j',
    (csv) => {
      expect(readText(csv).result.status).toBe(csv === '' ? 'rejected' : 'skipped');
    },
  );

  it.each([
    ['column_repeated', `time,ne,cell,a,a\n${row('1,2')}`, 1],
    ['row_width', HEADER + row('1,2,3'), 2],
    ['row_width', `${HEADER + row('1,2')}x\n`, 3],
    ['truncated', HEADER + row('1,2') + row('3').trimEnd(), 3],
    ['time_unreadable', HEADER + row('1,2').replace('2026', 'year'), 2],
    ['period_out_of_range', HEADER + row('1,2').replace('2026-11', '1970-01'), 2],
    ['managed_element_unknown', HEADER + row('1,2').replace('ne1', ''), 2],
    ['too_many_columns', `${HEADER.trimEnd()}${',x'.repeat(20_000)}\n`, 1],
  ])('refuses a bad table: %s', (code, csv, line) => {
    expect(rejectionOf(readText(csv).result)).toMatchObject({ code, line });
  });

  it.each([
    ['202611200015', '2026-11-20T00:15:00.000Z'],
    ['1795132800', '2026-11-20T00:00:00.000Z'],
    ['1795132800000', '2026-11-20T00:00:00.000Z'],
    ['1795132800000000', '2026-11-20T00:00:00.000Z'],
    ['2026/11/20 00:15', '2026-11-20T00:15:00.000Z'],
  ])('reads the time %s', (time, begin) => {
    expect(readText(`time,ne,a\n${time},n,1\n`).blocks[0].begin).toBe(begin);
  });

  it('takes cells of any length in linear time', () => {
    const cell = `1${' '.repeat(900_000)}2`;
    expect(readText(`${HEADER.replaceAll(',', ';')}${row(`${cell},1`).replaceAll(',', ';')}`).result).toMatchObject({
      counts: { values: 2, numbers: 1, notNumbers: 1 },
    });
  });

  it('reads the same however the bytes are cut', async () => {
    const bytes = Buffer.from(`${HEADER}${row('1,2')}${row('"1,000",x', '15')}${row('-', '30')}`);
    const whole = readText(bytes);
    for (const size of [1, 3, 50]) expect(await readChunks(bytes, [size])).toEqual(whole);
  });
});
