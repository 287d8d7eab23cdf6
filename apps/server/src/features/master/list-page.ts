import type { MasterQuery } from '@pegboard/contracts';
import { PegboardError } from '../../platform/errors.ts';

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/**
 * A page of a list: what holds `q` in its text (in upper or lower case), by key ascending, behind the cursor. Keys are distinct.
 * @throws PegboardError DATA_VALIDATION_ERROR for a text that is no cursor.
 */
export function listPage<Item>(
  items: readonly Item[],
  query: MasterQuery,
  { keyOf, textOf }: { readonly keyOf: (item: Item) => readonly string[]; readonly textOf: (item: Item) => string },
): ListPage<Item> {
  const wanted = query.q?.toLowerCase() ?? '';
  const after = query.cursor === undefined ? null : decodeKey(query.cursor);
  const found = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ item, key }) => textOf(item).toLowerCase().includes(wanted) && (!after || compareKeys(key, after) > 0))
    .sort((a, b) => compareKeys(a.key, b.key));
  const page = found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: last && found.length > page.length ? encodeKey(last.key) : null,
  };
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

function encodeKey(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decodeKey(cursor: string): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.every((part) => typeof part === 'string')) return key;
  } catch {
    // Falls through to the same complaint as any other text that is no cursor.
  }
  const message = 'the cursor is not one that an answer gave';
  throw new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'cursor', message }] });
}
