import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ImportFixture,
  insertJson,
  insertNarrow,
  JSONB_COLUMNS,
  NARROW_COLUMNS,
  openImportFixture,
  samplesOf,
} from './testing/import-fixture.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await openImportFixture();
});
afterAll(() => fixture.close());

beforeEach(async () => {
  await fixture.empty();
  await fixture.source.pool.query(`
    DROP SCHEMA public CASCADE; CREATE SCHEMA public;
    CREATE TABLE summary (${NARROW_COLUMNS});
    CREATE TABLE summary_json (${JSONB_COLUMNS})`);
});

const T0 = '2025-08-08T08:00Z';
const T1 = '2025-08-08T08:15Z';

describe('the narrow layout', () => {
  it('makes a sample of each row: cells as objects, the network element itself without a cell', async () => {
    await insertNarrow(fixture.source, 'summary', [
      { at: T0, value: '1' },
      { at: T1, value: '2.5' },
      { at: T0, value: '3', peg: 'Q' },
      { at: T0, value: '4', cell: null },
      { at: T0, value: '5', cell: ' ', peg: 'Q' },
      { at: T1, value: '6', ne: 'NVGNB#101086', cell: '20,a' },
    ]);
    const report = await fixture.run({ table: 'summary' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 - F/P = 4',
      '2025-08-08T08:00 900 NE1 - F/Q = 5',
      '2025-08-08T08:00 900 NE1 Cell=20 F/P = 1',
      '2025-08-08T08:00 900 NE1 Cell=20 F/Q = 3',
      '2025-08-08T08:15 900 NE1 Cell=20 F/P = 2.5',
      '2025-08-08T08:15 900 NVGNB#101086 Cell=20\\,a F/P = 6',
    ]);
    expect(report).toMatchObject({
      completed: true,
      rows: 6,
      values: 6,
      numbers: 6,
      value_kinds: {},
      skipped: {},
      network_elements: 2,
      pegs: 2,
      period: { start: '2025-08-08T08:00:00Z', end: '2025-08-08T08:30:00Z' },
      granularity_s: { default: 900, by_family: {} },
      source: { layout: 'narrow', kind: 'table', columns: { time: 'datetime', peg: 'peg_name', version: 'version' } },
    });
  });
});

describe('the JSONB layout', () => {
  it('reads flat values, cells, and dimensions within cells', async () => {
    await insertJson(fixture.source, 'summary_json', [
      { at: T0, values: { Peg: '7' } },
      { at: T1, values: { Peg: 8 } },
      {
        at: T0,
        values: { '20': { 'Peg(Kbps)': '266510.50' }, '21': { 'Peg(Kbps)': '1' }, index_name: 'CellIdentity' },
      },
      {
        at: T0,
        family: 'G',
        values: { '20': { '9': { Vol: '1' }, '5': { Vol: '2' }, index_name: 'QCI' }, index_name: 'CellIdentity' },
      },
      { at: T1, family: 'G', values: { '20': { '9': { Vol: '3' } }, index_name: ['CellIdentity', 'QCI'] } },
    ]);
    await fixture.run({ table: 'summary_json' });
    expect(await samplesOf(fixture.target)).toEqual([
      '2025-08-08T08:00 900 NE1 - F/Peg = 7',
      '2025-08-08T08:00 900 NE1 Cell=20 F/Peg(Kbps) = 266510.5',
      '2025-08-08T08:00 900 NE1 Cell=20 G/Vol{QCI=5} = 2',
      '2025-08-08T08:00 900 NE1 Cell=20 G/Vol{QCI=9} = 1',
      '2025-08-08T08:00 900 NE1 Cell=21 F/Peg(Kbps) = 1',
      '2025-08-08T08:15 900 NE1 - F/Peg = 8',
      '2025-08-08T08:15 900 NE1 Cell=20 G/Vol{QCI=9} = 3',
    ]);
  });
});
