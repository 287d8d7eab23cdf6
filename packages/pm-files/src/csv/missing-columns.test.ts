import { describe, expect, it } from 'vitest';
import { readText, rejectionOf } from '../testing/read-text.ts';

describe('a table of PM that lacks a column', () => {
  it('is refused with what is missing and what it may be called', () => {
    const { result, blocks } = readText('\n\ntimestamp,ne,cell,peg,average\n2026-11-20T00:00:00Z,ne1,20,p,1\n');
    expect(blocks).toEqual([]);
    expect(result).toMatchObject({ status: 'rejected', format: 'csv-long' });
    expect(rejectionOf(result)).toEqual({
      code: 'column_missing',
      message: 'the table has columns for time, network element, cell and PEG, but none for value',
      hint: 'The column for the value may be called value, val, counter_value, peg_value, 값 or 측정값.',
      line: 3,
      column: 1,
    });
  });

  it.each([
    ['ne,cell,peg,value', 'csv-long', 'none for time', 'timestamp, datetime'],
    ['Date;Cell;KPI;Value', 'csv-long', 'none for network element', '(--ne NAME)'],
    ['time|host|value', 'csv-long', 'none for PEG', 'peg, peg_name'],
    ['일시,장비명,셀,지표', 'csv-long', 'none for value', '측정값'],
    ['peg,mo,value,note', 'csv-long', 'none for time or network element', 'ne_name'],
    ['time,cell,a,b', 'csv-wide', 'none for network element', '(--ne NAME)'],
    ['Category,Family,Peg,Unit,00:00,00:15', 'csv-slots', 'none for date', 'date, 날짜'],
  ])('%s', (header, format, message, hint) => {
    const { result } = readText(`${header}\n`);
    expect(result).toMatchObject({ status: 'rejected', format });
    expect(rejectionOf(result)).toMatchObject({ code: 'column_missing', line: 1 });
    expect(rejectionOf(result).message).toContain(message);
    expect(rejectionOf(result).hint).toContain(hint);
  });

  it.each([
    ['time,cell,a', { ne: 'n' }],
    ['time,peg,value', { ne: 'n' }],
    ['peg,2026-11-20 00:00,2026-11-20 00:15', {}],
  ])('lacks nothing where the options say it, or the columns are times: %s', (header, defaults) => {
    expect(readText(`${header}\n`, { defaults }).result).toMatchObject({ status: 'ok' });
  });
});

describe('a text that is no table of PM', () => {
  it.each([
    ['time,ne,severity\n2026-11-20,n,major\n', 'columns for time and network element, but none for PEG or value'],
    ['ne,cell,pci,azimuth\nn,1,2,3\n', 'columns for network element and cell, but none for time, PEG or value'],
    ['Date,Open,Close\n2026-11-20,1,2\n', 'a column for time, but none for network element (or say it: --ne NAME)'],
    ['Peg,Unit,Description\na,s,"what, it is"\n', 'a column for PEG, but none for time, network element or value'],
    ['a,b\n1,2\n', 'neither XML nor a table whose columns are known'],
    ['Dear all,\nplease find, attached, the files; they are of last week.\n', 'neither XML nor a table'],
  ])('is skipped with a short reason: %j', (text, reason) => {
    expect(readText(text).result).toMatchObject({ status: 'skipped', reason: expect.stringContaining(reason) });
  });

  it('is not quoted', () => {
    const prose = `Time, they say, ${'heals all wounds, and so on, '.repeat(1000)}.\nAnd so on, and on.\n`;
    const { result } = readText(prose);
    expect(result).toEqual({
      status: 'skipped',
      reason:
        'no PM file format recognised; as a table it has a column for time, but none for network element, PEG or value',
    });
  });
});

describe('a header over several lines', () => {
  it('is read where its line breaks are in quotes, as Excel writes them', () => {
    const csv = 'time,ne,cell,"CSSR\n(%)"\n2026-11-20T00:00:00Z,n,1,99.5\n';
    expect(readText(csv).blocks).toMatchObject([{ values: { 'CSSR\n(%)': 99.5 } }]);
  });

  it('begins behind lines that are blank', () => {
    const { blocks } = readText('\r\n \r\ntime,ne,a\r\n2026-11-20T00:00:00Z,n,1\r\n');
    expect(blocks).toMatchObject([{ values: { a: 1 } }]);
  });
});
