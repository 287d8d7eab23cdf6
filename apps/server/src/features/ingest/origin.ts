import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

/**
 * What stands for the place that a refused file came from, 64 hex digits: the same place is one entry of the quarantine, and
 * whatever is taken from there settles it.
 */
export function originOfPath(path: string, entry: string | null): string {
  return digest(['path', resolve(path), entry]);
}

/** Uploads come from nowhere: the same content under the same name is one entry. */
export function originOfUpload(sha256: string | null, name: string): string {
  return digest(['upload', sha256, name]);
}

function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
