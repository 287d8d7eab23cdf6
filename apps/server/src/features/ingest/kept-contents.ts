import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isPegboardError } from '../../platform/errors.ts';
import type { QuarantineEntry, QuarantineLog } from '../../stores/kpi/quarantine-log.ts';

/**
 * Writes the kept contents of entries into a temporary folder, hands their places by id to `use`, and removes the folder
 * whatever happens. What leaves the quarantine meanwhile has no place.
 */
export async function withKeptContents<Result>(
  quarantine: Pick<QuarantineLog, 'content'>,
  entries: readonly QuarantineEntry[],
  use: (places: ReadonlyMap<number, string>) => Promise<Result>,
): Promise<Result> {
  const places = new Map<number, string>();
  const kept = entries.filter(({ content }) => content.state === 'kept');
  if (kept.length === 0) return use(places);
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-retry-'));
  try {
    for (const { id } of kept) {
      const path = join(folder, `${id}`);
      try {
        await pipeline(quarantine.content(id), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
        places.set(id, path);
      } catch (error) {
        if (!isPegboardError(error, 'NOT_FOUND')) throw error;
      }
    }
    return await use(places);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
