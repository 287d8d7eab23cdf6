import { suggest } from '@pegboard/names';
import { z } from 'zod';

/** An object that refuses keys it does not know, and says which one was probably meant. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeysMessage(issue.keys, known) : undefined),
  });
}

function unknownKeysMessage(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 5)
    .map((key) => {
      const meant = nearestKey(key, known);
      const advice = meant === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${meant}"?`;
      return `unknown key "${key.slice(0, 64)}"; ${advice}`;
    })
    .join('. ');
}

const MAX_KEY_CHARACTERS = 64;

/** The known key that was probably meant. Ways of writing do not count: `nMinus1`, `n-minus-1` and `N_MINUS_1` are one. */
function nearestKey(wanted: string, known: readonly string[]): string | undefined {
  const [nearest] = suggest(simplify(wanted), known.map(simplify), 1);
  return known.find((key) => simplify(key) === nearest);
}

function simplify(key: string): string {
  return key
    .slice(0, MAX_KEY_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

/**
 * Takes the value of a key that may be written in several ways. Reports an issue when it is written in more than one,
 * or, if it is required, in none.
 */
export function oneOf<Value>(
  context: z.core.$RefinementCtx,
  candidates: Readonly<Record<string, Value | undefined>>,
  required = false,
): Value | undefined {
  const given = Object.entries(candidates).filter(([, value]) => value !== undefined);
  const names = Object.keys(candidates);
  if (given.length > 1) {
    const written = given.map(([name]) => name);
    context.addIssue({
      code: 'custom',
      path: [written[1]],
      message: `${written.join(' and ')} mean the same: give one of them`,
      input: written,
    });
  }
  if (required && given.length === 0) {
    context.addIssue({ code: 'custom', path: [names[0]], message: `${names[0]} is required`, input: undefined });
  }
  return given[0]?.[1];
}
