/** Fields that several resources share. Bounds carry their unit in the name. */
import { z } from 'zod';

export const MAX_NAME_CHARACTERS = 256;
export const MAX_LIST_ITEMS = 2000;
/** Room for the largest list written as one comma string. */
export const MAX_COMMA_STRING_CHARACTERS = MAX_LIST_ITEMS * 64;
export const MAX_TIME_CHARACTERS = 128;
export const MAX_CURSOR_CHARACTERS = 1024;

const name = z.string().trim().min(1).max(MAX_NAME_CHARACTERS);

/**
 * A list written as an array, as one string, or as one comma string; becomes an array without blanks and repetitions.
 * A name that holds a comma itself is given in double quotes (`"SubNetwork=1,ManagedElement=2",node-3`) or in an array;
 * commas in braces (`PdcpVol{QCI=9,PLMN=45005}`) are of the name.
 */
export const nameList = z
  .union([z.array(name).max(MAX_LIST_ITEMS), z.string().max(MAX_COMMA_STRING_CHARACTERS)], {
    error: `expected a string, a comma string, or an array of at most ${MAX_LIST_ITEMS} strings of 1–${MAX_NAME_CHARACTERS} characters (numbers in quotes)`,
  })
  .transform((value, context) => {
    const items = typeof value === 'string' ? splitNames(value) : value;
    const distinct = [...new Set(items.filter((item) => item !== ''))];
    if (distinct.length > MAX_LIST_ITEMS) {
      context.addIssue({ code: 'custom', message: `at most ${MAX_LIST_ITEMS} entries`, input: distinct.length });
    }
    if (distinct.some((item) => item.length > MAX_NAME_CHARACTERS)) {
      context.addIssue({
        code: 'custom',
        message: `an entry has more than ${MAX_NAME_CHARACTERS} characters`,
        input: value,
      });
    }
    return distinct;
  });

/** Splits at commas outside double quotes and braces. A name in quotes loses them; a doubled quote in it stands for one. */
export function splitNames(text: string): string[] {
  const items: string[] = [];
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (text[at] === '{' && !isQuoted) at = Math.max(at, text.indexOf('}', at));
    if (at < text.length && (isQuoted || text[at] !== ',')) continue;
    items.push(unquoted(text.slice(begin, at).trim()));
    begin = at + 1;
  }
  return items;
}

function unquoted(item: string): string {
  const isQuoted = item.length >= 2 && item.startsWith('"') && item.endsWith('"');
  return isQuoted ? item.slice(1, -1).replaceAll('""', '"') : item;
}

export const periodText = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TIME_CHARACTERS)
  .describe(
    'A period: `2025-08-13_00:00~2025-08-13_23:59` (end minute included), an ISO 8601 interval `A/B` (half-open; B or A may be a duration), or a date `2025-08-13` (the whole local day).',
  );

export const startDate = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TIME_CHARACTERS)
  .describe(
    'Begin: `YYYY-MM-DD` (its first moment in `timezone`) or an ISO 8601 time; without an offset it is in `timezone`.',
  );

export const endDate = z
  .string()
  .trim()
  .min(1)
  .max(MAX_TIME_CHARACTERS)
  .describe('End: `YYYY-MM-DD` (covers its whole day in `timezone`) or an ISO 8601 time (exclusive).');

export const timeZone = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .describe(
    'IANA time zone of local times, dates and hours, e.g. `Asia/Seoul`. Default: the time zone of the network.',
  );

export const cursor = z.string().min(1).max(MAX_CURSOR_CHARACTERS).describe('`next_cursor` of the page before.');
export const nextCursor = z.string().nullable().describe('Cursor of the next page; null on the last.');

export const utcTime = z.iso.datetime({ precision: null }).describe('UTC, ISO 8601 with `Z`.');

export const weight = z.int().min(1).max(10).describe('How much the PEG counts, 1–10.');

export const POLARITIES = ['higher_better', 'lower_better', 'neutral'] as const;
export const polarity = z.enum(POLARITIES).describe('Which direction is better.');

export const PEG_KINDS = ['cumulative', 'gauge', 'derived', 'distribution'] as const;
export const pegKind = z
  .enum(PEG_KINDS)
  .describe('How the counter aggregates: summed, averaged over time, re-weighted ratio, bins of a distribution.');

export const COMPARE_LEVELS = ['cell', 'ne', 'network'] as const;
export type CompareLevel = (typeof COMPARE_LEVELS)[number];

export const ne = z.string().nullable().describe('Network element; null where several are pooled.');
export const object = z
  .string()
  .nullable()
  .describe('Measured object as its file names it; null where several are pooled.');
export const cellId = z
  .string()
  .nullable()
  .describe('Cell id; null for objects that are no cells and where several are pooled.');

export const warning = z
  .object({
    code: z.string().describe('Stable machine-readable code.'),
    message: z.string().describe('What was noticed, in words.'),
  })
  .describe('Something the caller should know about the result.');
export type Warning = z.output<typeof warning>;
