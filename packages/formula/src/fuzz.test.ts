import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFormula } from './check-formula.ts';
import { compileFormulas } from './compile-formulas.ts';
import { formatFormula } from './format-formula.ts';
import { MAX_FORMULA_CHARACTERS } from './limits.ts';
import { parseFormula } from './parse-formula.ts';
import { createScope } from './scope.ts';
import { formulaTree, withoutSpans } from './testing/arbitraries.ts';

const STRING_RUNS = 40_000;
const TOKEN_RUNS = 60_000;
const TREE_RUNS = 10_000;
/** A formula that takes longer hangs; the slowest seen takes a few milliseconds. */
const HANG_MS = 1000;

const scope = createScope([
  { name: 'A', family: 'F', unit: 'kbit', kind: 'cumulative', dimensions: ['QCI'] },
  { name: 'B', family: 'F', unit: 's', kind: 'derived', dimensions: [] },
  { name: 'B', family: 'G', unit: 's' },
  { name: 'C', family: 'F' },
]);

/** Reads, checks and compiles; a text is either a formula or has an error with a place inside it. */
function exercise(text: string): void {
  const start = performance.now();
  const parsed = parseFormula(text);
  const { errors, formulas } = compileFormulas([{ name: 'K', formula: text }], scope);
  const found = parsed.status === 'error' ? parsed.errors : (errors.get('K') ?? []);
  expect(formulas.has('K')).toBe(found.length === 0);
  for (const error of found) {
    if (error.message === '' || error.offset < 0 || error.offset + error.length > text.length) {
      expect.fail(`${JSON.stringify(text)}: ${JSON.stringify(error)}`);
    }
  }
  if (parsed.status === 'ok') checkFormula(parsed.formula, scope);
  expect(performance.now() - start).toBeLessThan(HANG_MS);
}

const TOKENS = [
  ...[
    '+',
    '-',
    '*',
    '/',
    '^',
    '(',
    ')',
    ',',
    '<',
    '<=',
    '==',
    '!=',
    '{',
    '}',
    '=',
    "'",
    '"',
    '.',
    '[',
    ']',
    '%',
    ' ',
    '\n',
  ],
  ...['A', 'B', 'C', 'F', "'F/A'", 'A{QCI=9}', 'A{QCI=*}', 'K', '__proto__', 'constructor', 'toString', 'min', 'max'],
  ...[
    'abs(',
    'sqrt(',
    'log(',
    'exp(',
    'if(',
    'seconds(',
    'seconds',
    '0',
    '1',
    '.5',
    '1e3',
    '1e999',
    '2',
    '100',
    '\u0000',
    '한글',
  ],
];

describe('fuzzed formulas', () => {
  it(`takes ${STRING_RUNS} random strings without a crash or a hang`, { timeout: 60_000 }, () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(fc.property(text, exercise), { numRuns: STRING_RUNS });
  });

  it(`takes ${TOKEN_RUNS} random sequences of tokens without a crash or a hang`, { timeout: 60_000 }, () => {
    const text = fc.array(fc.constantFrom(...TOKENS), { maxLength: 30 }).map((tokens) => tokens.join(''));
    fc.assert(fc.property(text, exercise), { numRuns: TOKEN_RUNS });
  });

  it('takes long runs of one token', () => {
    for (const token of TOKENS) exercise(token.repeat(Math.floor(MAX_FORMULA_CHARACTERS / token.length)));
    for (const token of TOKENS) exercise(`1${token}`.repeat(3000));
  });

  it(`reads back what it wrote of ${TREE_RUNS} random trees`, { timeout: 60_000 }, () => {
    const property = fc.property(formulaTree, (tree) => {
      const text = formatFormula(tree);
      const parsed = parseFormula(text);
      if (parsed.status === 'error') expect.fail(`${text}: ${parsed.errors[0].message}`);
      expect(withoutSpans(parsed.formula.root)).toEqual(withoutSpans(tree));
    });
    fc.assert(property, { numRuns: TREE_RUNS });
  });
});
