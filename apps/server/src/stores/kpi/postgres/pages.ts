import { PegboardError } from '../../../platform/errors.ts';
import type { Page } from '../../page.ts';

/**
 * The id of the last row of the page before.
 * @throws PegboardError DATA_VALIDATION_ERROR for a text that is no cursor.
 */
export function rowIdOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const message = 'the cursor is not one that an answer gave';
  throw new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'cursor', message }] });
}

/** A page of rows by id, of which one more than `limit` was asked for. */
export function paged<T extends { id: number }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}
