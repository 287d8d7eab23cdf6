import type { QuarantineEntryDocument } from '@pegboard/contracts';
import { utcText } from '../../platform/utc-text.ts';
import type { QuarantineEntry } from '../../stores/kpi/quarantine-log.ts';

/** An entry as it is shown to programs. */
export function toQuarantineDocument(entry: QuarantineEntry): QuarantineEntryDocument {
  const { id, name, sha256, format, error, source, content, options, times } = entry;
  return {
    id,
    name,
    sha256,
    format,
    error: { ...error },
    source: {
      kind: source.kind,
      path: source.kind === 'path' ? source.path : null,
      entry: source.kind === 'unknown' ? null : source.entry,
    },
    content: {
      state: content.state,
      packed_bytes: content.state === 'kept' ? content.packedBytes : null,
      note: content.state === 'not_kept' ? content.note : null,
    },
    options: { ne: options.ne, cell: options.cell, timezone: options.timeZone },
    first_seen: utcText(entry.firstSeenMs),
    last_seen: utcText(entry.lastSeenMs),
    times,
  };
}
