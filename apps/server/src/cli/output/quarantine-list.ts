import type { QuarantineEntryDocument } from '@pegboard/contracts';
import type { QuarantineService } from '../../features/ingest/quarantine.service.ts';
import { toQuarantineDocument } from '../../features/ingest/quarantine-document.ts';
import { csvLine } from '../../platform/csv.ts';
import type { CommandContext } from '../command.ts';
import { shownText } from './count.ts';
import { errorText } from './file-lines.ts';
import { type Column, textTable } from './table.ts';

/** Rows of a table for people, unless they ask for more; the others are counted. */
const TABLE_ROWS = 200;
const PAGE_ENTRIES = 500;

export interface QuarantineListFormat {
  readonly format: 'table' | 'json' | 'csv';
  /** Entries at most; null: all, of a table 200. */
  readonly limit: number | null;
}

type Pages = AsyncIterable<readonly QuarantineEntryDocument[]>;

/** Prints the refused files, the newest first: a page at a time but for tables. */
export async function printQuarantine(
  quarantine: QuarantineService,
  { format, limit }: QuarantineListFormat,
  { print, note, signal, terminalColumns }: CommandContext,
): Promise<void> {
  const total = await quarantine.count();
  const pages = pagesOf(quarantine, limit ?? (format === 'table' ? TABLE_ROWS : Number.POSITIVE_INFINITY), signal);
  if (format === 'json') await printJson(pages, total, print);
  else if (format === 'csv') await printCsv(pages, print);
  else await print(await tableText(pages, total, terminalColumns));
  if (total === 0) note('the quarantine is empty');
}

async function* pagesOf(
  quarantine: QuarantineService,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<readonly QuarantineEntryDocument[]> {
  let cursor: string | null = null;
  let left = limit;
  do {
    signal.throwIfAborted();
    const page: Awaited<ReturnType<QuarantineService['list']>> = await quarantine.list({
      limit: Math.min(left, PAGE_ENTRIES),
      ...(cursor !== null && { cursor }),
    });
    yield page.items.map(toQuarantineDocument);
    left -= page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && left > 0);
}

/** One JSON document `{items:[…],total}`, written as it comes. */
async function printJson(pages: Pages, total: number, print: CommandContext['print']): Promise<void> {
  let separator = '\n';
  await print('{"items":[');
  for await (const entries of pages) {
    await print(entries.map((entry, at) => `${at === 0 ? separator : ',\n'}${JSON.stringify(entry)}`).join(''));
    if (entries.length > 0) separator = ',\n';
  }
  await print(`\n],"total":${total}}\n`);
}

const CSV_COLUMNS: readonly [string, (entry: QuarantineEntryDocument) => string | number | null][] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['code', ({ error }) => error.code],
  ['line', ({ error }) => error.line],
  ['message', ({ error }) => error.message],
  ['hint', ({ error }) => error.hint],
  ['format', ({ format }) => format],
  ['source', ({ source }) => source.kind],
  ['path', ({ source }) => source.path],
  ['entry', ({ source }) => source.entry],
  ['content', ({ content }) => content.state],
  ['content_note', ({ content }) => content.note],
  ['first_seen', ({ first_seen }) => first_seen],
  ['last_seen', ({ last_seen }) => last_seen],
  ['times', ({ times }) => times],
  ['sha256', ({ sha256 }) => sha256],
];

async function printCsv(pages: Pages, print: CommandContext['print']): Promise<void> {
  await print(csvLine(CSV_COLUMNS.map(([title]) => title)));
  for await (const entries of pages) {
    await print(entries.map((entry) => csvLine(CSV_COLUMNS.map(([, read]) => read(entry)))).join(''));
  }
}

const COLUMNS: readonly Column[] = [
  { title: 'id', align: 'right' },
  { title: 'name', maxWidth: 80, minWidth: 16 },
  { title: 'reason', minWidth: 24 },
  { title: 'times', align: 'right', optional: true },
  { title: 'first seen (UTC)', optional: true },
  { title: 'last seen (UTC)', optional: true },
  { title: 'content', maxWidth: 60, minWidth: 8, optional: true },
];
const CONTENT_TEXTS = { in_place: 'where it is', kept: 'kept', not_kept: 'not kept' } as const;

async function tableText(pages: Pages, total: number, terminalColumns: number | null): Promise<string> {
  const rows: string[][] = [];
  for await (const entries of pages) rows.push(...entries.map(tableRow));
  const rest = rows.length < total ? '; --limit shows more, --format json or csv all' : '';
  return `${textTable(COLUMNS, rows, terminalColumns)}${shownText(rows.length, total)}${rest}\n`;
}

function tableRow({ id, name, error, times, first_seen, last_seen, content }: QuarantineEntryDocument): string[] {
  const reads = `${CONTENT_TEXTS[content.state]}${content.note === null ? '' : `: ${content.note}`}`;
  return [`${id}`, name, errorText(error), `${times}`, toSecond(first_seen), toSecond(last_seen), reads];
}

function toSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
