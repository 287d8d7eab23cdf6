import fc from 'fast-check';
import type { WrittenValue } from './generated-values.ts';
import { NOW_MS, type ReadOutcome } from './read-text.ts';

/** One network element and granularity period with counters, and objects that have a value of each. */
export interface GeneratedGroup {
  readonly ne: string;
  readonly beginMs: number;
  readonly granularityS: number;
  readonly counters: readonly string[];
  readonly objects: readonly GeneratedObject[];
}

export interface GeneratedObject {
  readonly ldn: string;
  readonly suspect: boolean;
  readonly values: readonly WrittenValue[];
}

/** What a format can hold. */
export interface DocumentParts {
  readonly ne: fc.Arbitrary<string>;
  readonly ldn: fc.Arbitrary<string>;
  readonly counter: fc.Arbitrary<string>;
  readonly value: fc.Arbitrary<WrittenValue>;
  readonly suspect: fc.Arbitrary<boolean>;
  readonly granularityS: fc.Arbitrary<number>;
}

const EARLIEST_S = Date.UTC(1990, 1, 1) / 1000;
const LATEST_S = NOW_MS / 1000 - 31 * 86_400;
const USUAL_S = Date.UTC(2026, 9, 20) / 1000;

const beginMs = fc
  .oneof(
    { weight: 3, arbitrary: fc.nat(3).map((i) => USUAL_S + i * 900) },
    fc.integer({ min: EARLIEST_S, max: LATEST_S }),
  )
  .map((seconds) => seconds * 1000);

/** Seconds that granularity periods have, from a second to 31 days. */
export const granularities = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(900, 300, 3600) },
  fc.constantFrom(1, 30, 60, 86_400, 2_678_400),
  fc.integer({ min: 1, max: 86_400 }),
);

/** Groups, none of which says anything twice of an object and period. */
export function documents(parts: DocumentParts): fc.Arbitrary<readonly GeneratedGroup[]> {
  const group = fc.uniqueArray(parts.counter, { minLength: 1, maxLength: 6 }).chain((counters) =>
    fc.record({
      ne: parts.ne,
      beginMs,
      granularityS: parts.granularityS,
      counters: fc.constant(counters),
      objects: fc.uniqueArray(objectOf(parts, counters.length), { maxLength: 4, selector: ({ ldn }) => ldn }),
    }),
  );
  const identity = ({ ne, beginMs: begin }: GeneratedGroup) => `${begin} ${ne}`;
  return fc.uniqueArray(group, { minLength: 1, maxLength: 4, selector: identity });
}

function objectOf(parts: DocumentParts, counters: number): fc.Arbitrary<GeneratedObject> {
  const values = fc.array(parts.value, { minLength: counters, maxLength: counters });
  return fc.record({ ldn: parts.ldn, suspect: parts.suspect, values });
}

/** A block for comparison; numbers by the name of the counter. */
type Content = readonly [place: string, numbers: Record<string, number>];

/** What a reader should make of the groups; blocks without numbers are left out. */
export function contentOf(groups: readonly GeneratedGroup[]): readonly Content[] {
  return groups
    .flatMap(({ ne, beginMs: begin, granularityS, counters, objects }) =>
      objects.map(({ ldn, suspect, values }): Content => {
        const numbers = values.flatMap((value, i) => numbersOf(counters[i], value));
        return [JSON.stringify([ne, ldn, new Date(begin).toISOString(), granularityS, suspect]), entries(numbers)];
      }),
    )
    .filter(isFilled)
    .sort(byPlace);
}

/** The same of what a reader made. */
export function contentRead({ blocks }: ReadOutcome): readonly Content[] {
  return blocks
    .map(
      ({ ne, ldn, begin, granularityS, suspect, values }): Content => [
        JSON.stringify([ne, ldn, begin, granularityS, suspect]),
        values,
      ],
    )
    .filter(isFilled)
    .sort(byPlace);
}

function numbersOf(counter: string, { numbers }: WrittenValue): [string, number][] {
  return [...numbers].map(([element, number]) => [element < 0 ? counter : `${counter}[${element}]`, number]);
}

/** Also a name such as `__proto__` becomes an entry. */
function entries(numbers: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(numbers);
}

function isFilled([, numbers]: Content): boolean {
  return Object.keys(numbers).length > 0;
}

function byPlace([a]: Content, [b]: Content): number {
  return a < b ? -1 : Number(a > b);
}

const TIME_STYLES: readonly ((utcMs: number) => string)[] = [
  (utcMs) => new Date(utcMs).toISOString(),
  (utcMs) => shifted(utcMs, 0, 'Z'),
  (utcMs) => shifted(utcMs, 60, '+01:00'),
  (utcMs) => shifted(utcMs, -240, '-04:00:00'),
  (utcMs) => shifted(utcMs, 330, 'UTC+05.30'),
  (utcMs) => shifted(utcMs, 540, ' +0900').replace('T', ' '),
  (utcMs) => shifted(utcMs, 0, 'Z').replaceAll(/[-:T]/g, ''),
];

/** Ways to write an instant of whole seconds, with its offset from UTC. */
export const timeStyle = fc.constantFrom(...TIME_STYLES);

function shifted(utcMs: number, minutes: number, offset: string): string {
  return new Date(utcMs + minutes * 60_000).toISOString().slice(0, 19) + offset;
}
