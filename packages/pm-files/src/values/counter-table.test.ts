import { describe, expect, it } from 'vitest';
import { BlockValues } from './block-values.ts';
import { CounterTable } from './counter-table.ts';
import { type CounterColumn, knownList } from './known-list.ts';

const COLUMNS: readonly CounterColumn[] = ['a', 'b', 'c'].map((name, index) => ({ p: index + 1, name, index }));

function namesAfter(table: CounterTable, p: readonly number[]): readonly string[] {
  table.beginBlock();
  for (const position of p) {
    const column = table.find(position);
    if (column !== undefined) table.set(column, -1, position);
  }
  return table.layout().names;
}

describe('CounterTable', () => {
  it('does not let the order of one file show in another', () => {
    const tables = Array.from(
      { length: 3 },
      () =>
        new CounterTable(
          knownList('counter-table-test', () => COLUMNS),
          new BlockValues(),
        ),
    );
    expect(namesAfter(tables[0], [1, 2])).toEqual(['a', 'b']);
    expect(namesAfter(tables[1], [1, 3])).toEqual(['a', 'c']);
    expect(namesAfter(tables[2], [2])).toEqual(['b']);
    expect(namesAfter(tables[0], [3])).toEqual(['a', 'b', 'c']);
    expect(namesAfter(tables[1], [2])).toEqual(['a', 'c', 'b']);
    expect([...tables[1].values.subarray(0, 3)]).toEqual([Number.NaN, Number.NaN, 2]);
  });

  it('gives files that agree the same layout object', () => {
    const tables = Array.from(
      { length: 2 },
      () =>
        new CounterTable(
          knownList('counter-table-test-2', () => COLUMNS),
          new BlockValues(),
        ),
    );
    for (const table of tables) namesAfter(table, [2, 3]);
    expect(tables[0].layout()).toBe(tables[1].layout());
  });
});
