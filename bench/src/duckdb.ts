import { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';

const CHUNK_ROWS = 2048;

type Value = number | null;

/** The reference database of the benchmarks. */
export interface DuckDb {
  run(statement: string): Promise<void>;
  rows(statement: string): Promise<readonly (readonly unknown[])[]>;
  appender(table: string, columns: number): Promise<{ row(...values: Value[]): void; close(): void }>;
  close(): void;
}

/** Opens or makes a database file, with DuckDB's default settings. */
export async function openDuckDb(path: string): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  return {
    run: async (statement) => {
      await connection.run(statement);
    },
    rows: async (statement) => (await connection.runAndReadAll(statement)).getRows(),
    appender: async (table, columns) => {
      const appender = await connection.createAppender(table);
      let pending: Value[][] = Array.from({ length: columns }, () => []);
      const flush = () => {
        if (pending[0].length === 0) return;
        const types = Array.from({ length: columns }, (_, column) => appender.columnType(column));
        const chunk = DuckDBDataChunk.create(types, pending[0].length);
        chunk.setColumns(pending);
        appender.appendDataChunk(chunk);
        pending = Array.from({ length: columns }, () => []);
      };
      return {
        row: (...values) => {
          for (const [column, value] of values.entries()) pending[column].push(value);
          if (pending[0].length === CHUNK_ROWS) flush();
        },
        close: () => {
          flush();
          appender.closeSync();
        },
      };
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
