import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFormula } from './check-formula.ts';
import { compileFormulas } from './compile-formulas.ts';
import { evaluate } from './evaluate.ts';
import { formatFormula, formatReference } from './format-formula.ts';
import { MAX_FORMULA_CHARACTERS } from './limits.ts';
import { parseFormula } from './parse-formula.ts';
import { createScope } from './scope.ts';
import { formulaTree, withoutSpans } from './testing/arbitraries.ts';

const scope = createScope([
  { name: 'A', family: 'F', unit: 'kbit', kind: 'cumulative', dimensions: ['QCI'] },
  { name: 'B', family: 'F', unit: 's', kind: 'derived', dimensions: [] },
  { name: 'B', family: 'G', unit: 's' },
  { name: 'C', family: 'F' },
]);
const MAX_MESSAGE_CHARACTERS = 1100;

/** Reads, checks, compiles and evaluates; a text is either a formula or has an error with a place inside it. */
function exercise(text: string): void {
  const parsed = parseFormula(text);
  const { errors, formulas } = compileFormulas([{ name: 'K', formula: text }], scope);
  const found = parsed.status === 'error' ? parsed.errors : (errors.get('K') ?? []);
  const formula = formulas.get('K');
  expect(formula !== undefined).toBe(found.length === 0);
  for (const { message, offset, length, line, column } of found) {
    const isInside = offset >= 0 && length >= 0 && offset + length <= text.length && line > 0 && column > 0;
    if (message === '' || message.length > MAX_MESSAGE_CHARACTERS || !isInside) expect.fail(JSON.stringify(found));
  }
  if (parsed.status === 'ok') {
    checkFormula(parsed.formula, scope);
    expectSameAgain(text);
  }
  if (formula === undefined) return;
  const result = evaluate(formula, new Map(formula.inputs.map(({ key }, i) => [key, i])));
  if (result.status === 'ok') expect(Number.isFinite(result.value)).toBe(true);
}

/** What is written of a tree is read as the same tree. */
function expectSameAgain(text: string): void {
  const parsed = parseFormula(text);
  if (parsed.status === 'error') expect.fail(`${text}: ${parsed.errors[0].message}`);
  const written = formatFormula(parsed.formula.root);
  // Spaces may make it longer than can be read.
  if (written.length > MAX_FORMULA_CHARACTERS) return;
  const again = parseFormula(written);
  if (again.status === 'error') expect.fail(`${written}: ${again.errors[0].message}`);
  expect(withoutSpans(again.formula.root)).toEqual(withoutSpans(parsed.formula.root));
}

const SYMBOLS = ['+', '-', '*', '/', '^', '(', ')', ',', '<', '<=', '==', '!=', '{', '}', '=', "'", '"', '.', '[', ']'];
const NAMES = ['A', 'B', 'C', 'F', "'F/A'", 'A{QCI=9}', 'A{QCI=*}', 'K', '__proto__', 'constructor', 'toString'];
const WORDS = [
  'abs(',
  'sqrt(',
  'log(',
  'exp(',
  'if(',
  'min',
  'max',
  'seconds(',
  'seconds',
  '%',
  ' ',
  '\n',
  '\0',
  '한글',
];
const NUMBERS = ['0', '1', '.5', '1e3', '1e999', '2', '100', '9'.repeat(400), '1..', '0x1', '1_0', '１'];
const TOKENS = [...SYMBOLS, ...NAMES, ...WORDS, ...NUMBERS];
const token = fc.constantFrom(...TOKENS);

/** What every object has without being given it. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);
const trap = fc.oneof(fc.constantFrom(...INHERITED, 'prototype', 'length', 'name'), fc.string({ minLength: 1 }));

describe('fuzzed formulas', () => {
  it('takes random strings without a crash or a hang', () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(fc.property(text, exercise));
  });

  it('takes random sequences of tokens without a crash or a hang', () => {
    fc.assert(fc.property(fc.array(token, { maxLength: 30 }), (tokens) => exercise(tokens.join(''))));
  });

  it('takes formulas that are changed anywhere', () => {
    const edit = fc.tuple(fc.nat(), fc.nat(4), fc.oneof(token, fc.string({ maxLength: 3 }), fc.constant('')));
    fc.assert(
      fc.property(formulaTree, fc.array(edit, { minLength: 1, maxLength: 4 }), (tree, edits) => {
        const changed = edits.reduce((text, [place, removed, inserted]) => {
          const at = place % (text.length + 1);
          return text.slice(0, at) + inserted + text.slice(at + removed);
        }, formatFormula(tree));
        exercise(changed);
      }),
    );
  });

  it('takes long runs of one token', () => {
    for (const each of TOKENS) exercise(each.repeat(Math.floor(MAX_FORMULA_CHARACTERS / each.length)));
    for (const each of TOKENS) exercise(`1${each}`.repeat(3000));
  });

  it('takes long runs of a few tokens', () => {
    const tokens = fc.array(token, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 1, max: 4000 }), (before, run, times) => {
        exercise(`${before}${run.repeat(Math.min(times, Math.ceil(MAX_FORMULA_CHARACTERS / run.length)))}`);
      }),
    );
  });

  it('reads back what it wrote of random trees', () => {
    fc.assert(
      fc.property(formulaTree, (tree) => {
        const text = formatFormula(tree);
        const parsed = parseFormula(text);
        if (parsed.status === 'error') expect.fail(`${text}: ${parsed.errors[0].message}`);
        expect(withoutSpans(parsed.formula.root)).toEqual(withoutSpans(tree));
        expect(formatFormula(parsed.formula.root)).toBe(text);
      }),
    );
  });

  it('knows of a name what it was told, whatever objects have a property of that name', () => {
    const kinds = fc.constantFrom('nothing', 'counter', 'family', 'formula', 'dimension');
    fc.assert(
      fc.property(trap, kinds, (name, kind) => {
        const counter = { name: 'X', family: kind === 'family' ? name : 'Y', dimensions: [] as readonly string[] };
        if (kind === 'counter') counter.name = name;
        if (kind === 'dimension') counter.dimensions = [name];
        const selectors = kind === 'dimension' ? [{ dimension: name, value: name }] : [];
        const wanted = kind === 'family' ? `${name}/X` : kind === 'dimension' ? 'X' : name;
        const definitions = kind === 'formula' ? [{ name, formula: '7' }] : [];
        const key = formatReference({ name: wanted, selectors });
        const own = `${name} of its own`;
        const compiled = compileFormulas([...definitions, { name: own, formula: key }], createScope([counter]));
        const formula = compiled.formulas.get(own);
        if (kind === 'nothing' && name !== 'X' && name !== 'Y/X') {
          expect(compiled.errors.get(own)?.map(({ code }) => code)).toEqual(['unknown_name']);
        } else if (formula !== undefined) {
          expect(evaluate(formula, new Map([[key, 7]]))).toEqual({ status: 'ok', value: 7 });
        } else expect.fail(`${key}: ${compiled.errors.get(own)?.[0].message}`);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(INHERITED);
      }),
    );
  });
});
