import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const HEADER = 'timestamp,ne,cell,peg,value,granularity\n';
const row = (value: string) => `2026-11-20T00:00:00Z,ne1,20,p,${value},900\n`;

describe('long CSV', () => {
  it('gathers rows of one time and object into blocks, in any order of rows', () => {
    const csv = `timestamp,ne,cell,peg,value
2026-11-20T00:00:00Z,ne1,20,a,1
2026-11-20T00:15:00Z,ne1,20,a,3
2026-11-20T00:00:00Z,ne1,20,b,2
2026-11-20T00:00:00Z,ne1,"NRCellDU=1,X=2",a,4
`;
    const { result, blocks } = readText(csv);
    expect(blocks).toEqual([
      {
        ne: 'ne1',
        ldn: 'Cell=20',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { a: 1, b: 2 },
      },
      {
        ne: 'ne1',
        ldn: 'Cell=20',
        begin: '2026-11-20T00:15:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { a: 3 },
      },
      {
        ne: 'ne1',
        ldn: 'NRCellDU=1,X=2',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { a: 4 },
      },
    ]);
    expect(result).toMatchObject({
      format: 'csv-long',
      counts: { values: 4, numbers: 4, objects: 2, blocks: 3 },
      warnings: [],
    });
  });

  it('knows the usual names of columns in any order, and their optional friends', () => {
    const csv =
      'Val|KPI Name|Family_Name|Host|DateTime|Interval|MO|Suspect\n5|k|F1|h|2026-11-20 00:00:00+00:00|PT1H|Cell=9|true\n6|k|F2|h|2026-11-20 00:00:00+00:00|PT1H|Cell=9|false\n';
    const { blocks } = readText(csv);
    expect(blocks).toMatchObject([
      { ne: 'h', ldn: 'Cell=9', granularityS: 3600, family: 'F1', suspect: true, values: { k: 5 } },
      { ne: 'h', ldn: 'Cell=9', granularityS: 3600, family: 'F2', suspect: false, values: { k: 6 } },
    ]);
  });

  it.each([
    ['12', 12],
    ['-1.5e3', -1500],
    ['99.9%', 99.9],
    ['"1,234"', 1234],
    ['"1,234,567.5"', 1_234_567.5],
    ['1 234', 1234],
  ])('reads the value %s', (text, value) => {
    expect(readText(HEADER + row(text)).blocks[0].values).toEqual({ p: value });
  });

  it.each(['', '-', 'NA', 'N/D', 'Deno0', 'nan'])('takes %j for missing', (text) => {
    expect(readText(HEADER + row(text)).result).toMatchObject({
      counts: { values: 1, missing: 1, numbers: 0, notNumbers: 0 },
    });
  });

  it.each(['10 (E)', '"1,2,3"', '0x10', '1e999', '-101.5 dBm', '"1,5"'])('takes %j for no number', (text) => {
    const { result } = readText(HEADER + row(text));
    expect(result).toMatchObject({
      counts: { notNumbers: 1, numbers: 0 },
      warnings: [{ code: 'value_not_number', line: 2 }],
    });
  });

  it('reads decimal commas where the delimiter is a semicolon', () => {
    const csv =
      'time;node;cell_id;counter;value;period\n1763596800;n;1;a;1,5;900\n1763596800000;n;1;b;1.234,5;900\n1763596800;n;1;c;1.5;900\n';
    const { blocks } = readText(csv);
    expect(blocks.map((block) => block.values)).toEqual([{ a: 1.5, c: 1.5 }, { b: 1234.5 }]);
    expect(new Set(blocks.map(({ begin }) => begin))).toEqual(new Set(['2025-11-20T00:00:00.000Z']));
  });

  it('takes local times for those of the zone given and warns where clocks change', () => {
    const csv = 'timestamp,ne,cell,peg,value,granularity\n2026-10-25 02:30,n,1,a,1,900\n';
    const { result, blocks } = readText(csv, { defaults: { timeZone: 'Europe/Berlin' } });
    expect(blocks[0].begin).toBe('2026-10-25T00:30:00.000Z');
    expect(warningCodes(result)).toEqual(['time_ambiguous']);
  });

  it('infers the granularity from the smallest step of an object, else assumes 900 s and says so', () => {
    const at = (minute: string, ne: string) => `2026-11-20T00:${minute}:00Z,${ne},1,a,1\n`;
    const stepped = readText(
      `timestamp,ne,cell,peg,value\n${at('00', 'x')}${at('03', 'y')}${at('10', 'x')}${at('05', 'x')}`,
    );
    expect(stepped.blocks.map(({ granularityS }) => granularityS)).toEqual([300, 300, 300, 300]);
    const single = readText(`timestamp,ne,cell,peg,value\n${at('00', 'x')}${at('03', 'y')}`);
    expect(single.blocks[0].granularityS).toBe(900);
    expect(warningCodes(single.result)).toEqual(['granularity_assumed']);
  });

  it('takes times between two milliseconds for the nearer, and infers the granularity from those', () => {
    const csv =
      'timestamp,ne,cell,peg,value\n1795132800000001,n,1,a,1\n1795133700000499,n,1,a,2\n1795134600.0004,n,1,a,3\n';
    expect(readText(csv).blocks.map(({ begin, granularityS }) => [begin.slice(11), granularityS])).toEqual(
      ['00:00', '00:15', '00:30'].map((time) => [`${time}:00.000Z`, 900]),
    );
  });

  it('fills network element and cell from the options', () => {
    const { blocks } = readText('timestamp,peg,value,granularity\n2026-11-20T00:00:00Z,a,1,900\n', {
      defaults: { ne: 'n7', cell: '3' },
    });
    expect(blocks).toMatchObject([{ ne: 'n7', ldn: 'Cell=3' }]);
  });

  it.each([
    ['row_width', `${HEADER}${row('1')}2026-11-20T00:00:00Z,ne1,20\n`, 3],
    ['row_width', `${HEADER}${row('1,2')}`, 2],
    ['row_malformed', `${HEADER}${row('"1"2"x"')}`, 2],
    ['time_unreadable', `${HEADER}\n${row('1').replace('2026', 'year')}`, 3],
    ['managed_element_unknown', `${HEADER}${row('1').replace('ne1', '')}`, 2],
    ['counter_name_missing', `${HEADER}${row('1').replace(',p,', ',,')}`, 2],
    ['period_out_of_range', `${HEADER}${row('1').replace('2026-11', '1970-01')}`, 2],
    ['period_out_of_range', `${HEADER}${row('1')}${row('1').replace('2026', '2090')}`, 3],
    ['period_invalid', `${HEADER}${row('1').replace('900', '0')}`, 2],
    ['period_invalid', `${HEADER}${row('1').replace(',900', ',PT900.5S')}`, 2],
    ['truncated', `${HEADER}${row('"1')}`, 2],
  ])('refuses a bad row: %s', (code, csv, line) => {
    expect(rejectionOf(readText(csv).result)).toMatchObject({ code, line });
  });

  it('tolerates optional columns absent at the end of a row, and empty ones too many', () => {
    const csv = `${HEADER}2026-11-20T00:00:00Z,ne1,20,p,1\n2026-11-20T00:00:00Z,ne1,20,q,2,900,,\n`;
    expect(readText(csv).blocks.map((block) => block.values)).toEqual([{ p: 1 }, { q: 2 }]);
  });

  it('reads UTF-8, UTF-16 and CP949', () => {
    const csv = `${HEADER}2026-11-20T00:00:00Z,서울,20,p,1,900\n`;
    expect(readText(`\ufeff${csv}`).blocks[0].ne).toBe('서울');
    expect(readText(Buffer.from(`\ufeff${csv}`, 'utf16le')).blocks[0].ne).toBe('서울');
    const cp949 = Buffer.concat([
      Buffer.from(`${HEADER}2026-11-20T00:00:00Z,`),
      Buffer.from([0xbc, 0xad, 0xbf, 0xef]),
      Buffer.from(',20,p,1,900\n'),
    ]);
    const korean = readText(cp949);
    expect(korean.blocks[0].ne).toBe('서울');
    expect(warningCodes(korean.result)).toEqual(['encoding_assumed']);
  });

  it('says where a PEG has two values for one object and time, and takes the later', () => {
    const { result, blocks } = readText(HEADER + row('1') + row('1') + row('2'));
    expect(blocks).toMatchObject([{ values: { p: 2 } }]);
    expect(result).toMatchObject({ warnings: [{ code: 'value_repeated', line: 4, count: 1 }] });
  });

  it('warns of a last line without newline', () => {
    expect(warningCodes(readText((HEADER + row('1')).trimEnd()).result)).toEqual(['last_line_unterminated']);
  });

  it('reads the same however the bytes are cut', async () => {
    const csv = Buffer.from(
      `${HEADER}2026-11-20T00:00:00Z,"a\n""b""",20,서울,1,900\r\n${row('x')}${row('3').trimEnd()}`,
    );
    const whole = readText(csv);
    expect(whole.blocks[0].ne).toBe('a\n"b"');
    for (const size of [1, 2, 3, 7, 50]) expect(await readChunks(csv, [size])).toEqual(whole);
  });
});
