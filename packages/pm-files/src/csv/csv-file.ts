import type { FileHead, FormatReader } from '../formats/format.ts';
import { refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { Utf8Transcoder } from '../utf8-transcoder.ts';
import { csvHead } from './csv-head.ts';
import { MAX_COLUMNS, parseCsvHeader } from './csv-header.ts';
import { CsvRows } from './csv-rows.ts';
import { csvShape } from './csv-shape.ts';
import { CsvTable } from './csv-table.ts';
import { columnMissing } from './missing-columns.ts';

/** Takes the rows of one table behind its header. */
export interface CsvBody {
  row(fields: readonly string[]): void;
  end(): void;
}

/** A CSV file on its way to a body: byte order mark, encoding, rows, header, fields. */
export class CsvFile implements FormatReader {
  readonly #session: ReadSession;
  readonly #head: FileHead;
  readonly #open: (table: CsvTable) => CsvBody;
  readonly #rows: CsvRows;
  readonly #transcoder: Utf8Transcoder | null;
  #bomLeft: number;
  #line = 1;
  #table: CsvTable | null = null;
  #body: CsvBody | null = null;

  constructor(head: FileHead, session: ReadSession, open: (table: CsvTable) => CsvBody) {
    this.#session = session;
    this.#head = head;
    this.#open = open;
    this.#transcoder = head.bom === null || head.bom === 'utf-8' ? null : new Utf8Transcoder(head.bom);
    this.#bomLeft = head.bomLength;
    if (head.bom !== null) this.#warn('byte_order_mark', () => 'the file begins with a byte order mark');
    const encodingAssumed = (line: number) => {
      const message = () => 'the file is not UTF-8; it is read as CP949 (Korean)';
      session.warn('encoding_assumed', message, () => line);
    };
    this.#rows = new CsvRows((...row) => this.#row(...row), session.limits.maxTagBytes, encodingAssumed);
  }

  write(chunk: Uint8Array): void {
    const skipped = Math.min(this.#bomLeft, chunk.length);
    this.#bomLeft -= skipped;
    const bytes = skipped === 0 ? chunk : chunk.subarray(skipped);
    this.#rows.write(this.#transcoder === null ? bytes : this.#transcoder.write(bytes));
  }

  end(chunk: Uint8Array): void {
    this.write(chunk);
    if (this.#transcoder !== null) this.#rows.write(this.#transcoder.end());
    if (this.#rows.end()) {
      this.#warn('last_line_unterminated', () => 'the last line does not end with a newline; the file may be cut off');
    }
    this.#body?.end();
    if (this.#session.counts.values === 0) this.#warn('no_measurements', () => 'the file holds no measurements');
  }

  #row(row: string, line: number, isOpen: boolean): void {
    this.#line = line;
    if (this.#table === null) this.#openTable(row);
    else {
      this.#table.line = line;
      this.#body?.row(this.#table.split(row, isOpen));
    }
  }

  #openTable(row: string): void {
    const header = parseCsvHeader(row);
    if (header.width > MAX_COLUMNS) {
      const message = `the table has more than ${MAX_COLUMNS} columns`;
      throw refuse('too_many_columns', message, 'Split the table.', { line: this.#line, column: 1 });
    }
    const table = new CsvTable(this.#session, header, csvHead(this.#head)?.rows ?? []);
    table.line = this.#line;
    const shape = csvShape(this.#head, this.#session.options);
    if (shape.kind === 'incomplete') throw columnMissing(table, shape.missing);
    this.#table = table;
    this.#body = this.#open(table);
  }

  #warn(code: string, message: () => string): void {
    this.#session.warn(code, message, () => this.#line);
  }
}
