import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PegboardError } from '../../platform/errors.ts';
import type { RowKey } from './read-rows.ts';

const position = z.tuple([z.string(), z.number(), z.int(), z.int(), z.number()]);

/** What a request asks for, beside where its page begins and ends, as a short text. */
export function requestFingerprint(request: Readonly<Record<string, unknown>>): string {
  const { cursor: _cursor, limit: _limit, ...rest } = request;
  const entries = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64url').slice(0, 12);
}

/** A cursor that goes on behind a row, for the same request only. */
export function encodeCursor(fingerprint: string, row: RowKey): string {
  const text = JSON.stringify([fingerprint, row.beginMs, row.placeId, row.column, row.granularityS]);
  return Buffer.from(text).toString('base64url');
}

/** @throws PegboardError DATA_VALIDATION_ERROR for a text that is no cursor, or that of another request. */
export function decodeCursor(fingerprint: string, cursor: string): RowKey {
  const parsed = position.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw badCursor('the cursor is not one that an answer gave');
  const [of, beginMs, placeId, column, granularityS] = parsed.data;
  if (of !== fingerprint) throw badCursor('the cursor belongs to another request; repeat that request with it');
  return { beginMs, placeId, column, granularityS };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function badCursor(message: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'cursor', message }] });
}
