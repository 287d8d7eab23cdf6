import type { DimensionSelector } from './ast.ts';
import { FormulaFault, type Span } from './formula-error.ts';

export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly quoted: boolean; readonly span: Span }
  | { readonly kind: 'selectors'; readonly selectors: readonly DimensionSelector[]; readonly span: Span }
  | { readonly kind: 'symbol'; readonly symbol: string; readonly span: Span }
  | { readonly kind: 'end'; readonly span: Span };

const SPACE = /[\s\uFEFF]+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
/** Dots and colons belong to a name, and so does the index of a vector's element; a minus never does. */
const BARE_NAME = /[\p{L}_][\p{L}\p{M}\p{N}_.:]*(?:\[\d+\])?/uy;
const NAME_START = /[\p{L}_]/u;
const SYMBOL = /<=|>=|==|!=|[-+*/^<>(),]/y;
/** Inside `{…}` a value is text, not a number: `010003e8` is a slice. */
const SELECTOR_WORD = /[^\s,={}'*]+/y;

/** Splits a formula; the last token is `end`. Throws a `FormulaFault` at the first character that fits nothing. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = readToken(text, at);
    tokens.push(token);
    at = skipSpace(text, token.span.end);
  }
  tokens.push({ kind: 'end', span: { start: text.length, end: text.length } });
  return tokens;
}

/** Whether a name can stand in a formula without quotes. */
export function isBareName(name: string): boolean {
  return match(BARE_NAME, name, 0) === name;
}

function readToken(text: string, at: number): Token {
  const number = match(NUMBER, text, at);
  if (number !== null) return numberToken(text, at, number);
  const name = match(BARE_NAME, text, at);
  if (name !== null) return { kind: 'name', name, quoted: false, span: { start: at, end: at + name.length } };
  if (text[at] === "'") {
    const { value, end } = readQuoted(text, at);
    return { kind: 'name', name: value, quoted: true, span: { start: at, end } };
  }
  if (text[at] === '{') return readSelectors(text, at);
  const symbol = match(SYMBOL, text, at);
  if (symbol !== null) return { kind: 'symbol', symbol, span: { start: at, end: at + symbol.length } };
  throw unexpectedCharacter(text, at);
}

function numberToken(text: string, start: number, digits: string): Token {
  const span = { start, end: start + digits.length };
  const next = text.slice(span.end, span.end + 2);
  if (NAME_START.test(next.slice(0, 1)) || next.startsWith('.')) {
    throw new FormulaFault(
      'bad_number',
      `"${digits}" is followed by "${next.slice(0, 1)}": put an operator between them, or quotes around a name that starts with a digit, like '5QI1.Flows'`,
      span,
    );
  }
  const value = Number(digits);
  if (!Number.isFinite(value)) throw new FormulaFault('bad_number', `the number ${digits} is too large`, span);
  return { kind: 'number', value, span };
}

/** Text in single quotes; a quote inside is doubled. */
function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf("'", at);
    if (quote === -1) {
      throw new FormulaFault('unclosed_quote', "a quote ' is opened here and never closed", {
        start,
        end: start + 1,
      });
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== "'") {
      if (value === '') {
        throw new FormulaFault('unexpected_token', 'a name is missing between the quotes', { start, end: quote + 1 });
      }
      return { value, end: quote + 1 };
    }
    value += "'";
    at = quote + 2;
  }
}

/** `{QCI=9}`, `{QCI=*, PLMN='450 05'}` */
function readSelectors(text: string, start: number): Token {
  const selectors: DimensionSelector[] = [];
  const seen = new Set<string>();
  let at = start + 1;
  for (;;) {
    const word = readSelectorWord(text, at);
    at = skipSpace(text, word.end);
    if (text[at] !== '=') throw badSelector(text, at, `"${word.value}" needs a value, like {QCI=9} or {QCI=*}`);
    at = skipSpace(text, at + 1);
    const value = text[at] === '*' ? { value: null, end: at + 1 } : readSelectorWord(text, at);
    if (seen.has(word.value)) {
      throw badSelector(text, word.start, `the dimension ${word.value} is given twice`);
    }
    seen.add(word.value);
    selectors.push({ dimension: word.value, value: value.value });
    at = skipSpace(text, value.end);
    if (text[at] === '}') return { kind: 'selectors', selectors, span: { start, end: at + 1 } };
    if (text[at] !== ',') throw badSelector(text, at, 'a "," or "}" is missing');
    at = skipSpace(text, at + 1);
  }
}

function readSelectorWord(text: string, at: number) {
  const start = skipSpace(text, at);
  if (text[start] === "'") return { start, ...readQuoted(text, start) };
  const value = match(SELECTOR_WORD, text, start);
  if (value === null) throw badSelector(text, start, 'write dimension=value, like {QCI=9} or {QCI=*}');
  return { start, value, end: start + value.length };
}

function badSelector(text: string, start: number, message: string): FormulaFault {
  const span = { start, end: Math.min(start + 1, text.length) };
  return new FormulaFault('bad_selector', `in the dimensions: ${message}`, span);
}

function unexpectedCharacter(text: string, at: number): FormulaFault {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const span = { start: at, end: at + character.length };
  const hint =
    new Map([
      ['"', "; put names in single quotes: 'AirMacDLThruAvg(Kbps)'"],
      ['=', '; equality is =='],
      ['%', '; a percentage is 100 * part / whole'],
      ['[', '; write the index of a vector right behind its name: Name[3]'],
      ['}', '; there is no { before it'],
    ]).get(character) ?? '';
  return new FormulaFault('unexpected_character', `${visible(character)} has no meaning here${hint}`, span);
}

function visible(character: string): string {
  if (/[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return `"${character}"`;
  const code = character.codePointAt(0) ?? 0;
  return `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function skipSpace(text: string, at: number): number {
  return at + (match(SPACE, text, at)?.length ?? 0);
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
