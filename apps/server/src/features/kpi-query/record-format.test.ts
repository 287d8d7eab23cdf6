import { text as textOf } from 'node:stream/consumers';
import type { KpiRecord } from '@pegboard/contracts';
import { describe, expect, it } from 'vitest';
import { preferredFormat, toCsv } from './record-format.ts';

describe('preferredFormat', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/html', 'application/json'],
    ['text/csv', 'text/csv'],
    ['Application/X-NDJSON', 'application/x-ndjson'],
    ['application/json;q=0.5, text/csv;q=0.9', 'text/csv'],
    ['text/csv;q=0, application/json', 'application/json'],
    ['text/csv, application/json', 'application/json'],
  ])('%s → %s', (accept, expected) => {
    expect(preferredFormat(accept)).toBe(expected);
  });
});

describe('toCsv', () => {
  it('quotes what needs it and leaves out what is missing', async () => {
    const record: KpiRecord = {
      timestamp: '2025-08-08T08:00:00Z',
      entity_id: 'A,"B"#x',
      ne: 'A,"B"',
      object: 'two\nlines',
      cell_id: null,
      peg_name: 'P',
      kpi_type: 'P',
      value: null,
      granularity_s: 900,
      suspect: true,
      date: '2025-08-08',
      hour: 8,
    };
    const batches = async function* () {
      yield [record];
    };
    const csv = await textOf(toCsv(batches()));
    expect(csv.split('\r\n', 1)[0]).toBe(
      'timestamp,entity_id,ne,object,cell_id,peg_name,kpi_type,value,granularity_s,suspect,date,hour,numerator,denominator,completeness,reason,flags',
    );
    expect(csv.slice(csv.indexOf('\r\n') + 2)).toBe(
      '2025-08-08T08:00:00Z,"A,""B""#x","A,""B""","two\nlines",,P,P,,900,true,2025-08-08,8,,,,,\r\n',
    );
  });
});
