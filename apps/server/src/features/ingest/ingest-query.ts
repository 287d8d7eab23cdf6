import { parseTimeZone } from '@pegboard/comparison';
import { MAX_NAME_CHARACTERS, strictObject, timeZone } from '@pegboard/contracts';
import { z } from 'zod';

const name = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);

/** What a request says of files that do not say. */
export const ingestQuery = strictObject({
  ne: name.optional().describe('Network element of files that name none.'),
  cell: name.optional().describe('Cell of files that name none.'),
  timezone: timeZone
    .refine((zone) => parseTimeZone(zone).status === 'ok', { error: 'is no IANA time zone' })
    .optional()
    .describe('Time zone of files whose times have none. Default `NETWORK_TIMEZONE`.'),
});

/** The same as the readers of files take it; without what was not given. */
export function defaultsOf({ ne, cell, timezone }: z.output<typeof ingestQuery>) {
  return {
    ...(ne !== undefined && { ne }),
    ...(cell !== undefined && { cell }),
    ...(timezone !== undefined && { timeZone: timezone }),
  };
}
