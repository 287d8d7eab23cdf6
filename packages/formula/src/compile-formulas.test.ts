import { describe, expect, it } from 'vitest';
import { compileFormulas } from './compile-formulas.ts';
import { evaluate } from './evaluate.ts';
import { createScope } from './scope.ts';

const scope = createScope(['a', 'b', 'c', 'd'].map((name) => ({ name })).concat([{ name: 'shadow' }]));

function compile(definitions: Record<string, string>) {
  return compileFormulas(
    Object.entries(definitions).map(([name, formula]) => ({ name, formula })),
    scope,
  );
}

describe('compileFormulas', () => {
  it('evaluates formulas that stand on others, in whatever order they come', () => {
    const { formulas, errors } = compile({ top: 'mid * 2 + a', mid: 'low + low', low: 'a - b' });
    expect(errors.size).toBe(0);
    const top = formulas.get('top');
    expect(top?.inputs.map((input) => input.key).sort()).toEqual(['a', 'b']);
    expect(
      evaluate(
        top!,
        new Map([
          ['a', 5],
          ['b', 2],
        ]),
      ),
    ).toEqual({ status: 'ok', value: 17 });
  });

  it('reports a cycle with its path, and what stands on it', () => {
    const { formulas, errors } = compile({ x: '1 + y', y: 'a * z', z: 'x', user: 'x + 1', fine: 'a' });
    expect([...formulas.keys()]).toEqual(['fine']);
    expect(errors.get('x')).toMatchObject([{ code: 'cycle', names: ['x', 'y', 'z', 'x'], offset: 4 }]);
    expect(errors.get('y')).toMatchObject([{ code: 'cycle', offset: 4 }]);
    expect(errors.get('z')).toMatchObject([{ code: 'cycle', offset: 0 }]);
    expect(errors.get('user')).toMatchObject([{ code: 'broken_reference' }]);
  });

  it('names some of a long circle, and reports a knot of circles once for each formula', () => {
    const ring = compile(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, `f${(i + 1) % 30}`])));
    const [first] = ring.errors.get('f0') ?? [];
    expect(first.message).toBe(
      '"f0" refers to itself: f0 → f1 → f2 → f3 → f4 → f5 → f6 → f7 → f8 → f9 → f10 → … 19 more … → f0',
    );
    expect(first.names).toHaveLength(31);
    const knot = Array.from({ length: 400 }, (_, i) => `k${i}`);
    const { errors } = compile(Object.fromEntries(knot.map((name) => [name, knot.join('+')])));
    expect([...errors.values()].map((all) => all.map(({ code }) => code))).toEqual(knot.map(() => ['cycle']));
  });

  it('knows a formula that refers to itself', () => {
    expect(compile({ shadow: 'shadow * 2' }).errors.get('shadow')).toMatchObject([
      { code: 'cycle', names: ['shadow', 'shadow'] },
    ]);
  });

  it('lets a formula go before a counter of its name', () => {
    const { formulas } = compile({ shadow: 'a * 2', user: 'shadow + 1' });
    expect(
      evaluate(
        formulas.get('user')!,
        new Map([
          ['a', 4],
          ['shadow', 1],
        ]),
      ),
    ).toEqual({ status: 'ok', value: 9 });
  });

  it('reports faults by formula and keeps the rest', () => {
    const { formulas, errors } = compile({ bad: 'a +', unknown: 'q', uses: 'bad + 1', good: 'a' });
    expect([...formulas.keys()]).toEqual(['good']);
    expect(errors.get('bad')).toMatchObject([{ code: 'unexpected_token' }]);
    expect(errors.get('unknown')).toMatchObject([{ code: 'unknown_name' }]);
    expect(errors.get('uses')).toMatchObject([{ code: 'broken_reference' }]);
  });

  it('refuses a name twice, dimensions and seconds of a formula, and a unit that cannot be', () => {
    const twice = [
      { name: 'k', formula: 'a' },
      { name: 'k', formula: 'b' },
    ];
    expect(compileFormulas(twice, scope).errors.get('k')).toMatchObject([{ code: 'duplicate_name' }]);
    const { errors } = compile({ k: 'a', l: 'k{QCI=9}', m: 'seconds(k)' });
    expect(errors.get('l')).toMatchObject([{ code: 'not_a_counter' }]);
    expect(errors.get('m')).toMatchObject([{ code: 'not_a_counter' }]);
    const timed = createScope([{ name: 't', unit: 's' }]);
    const wrong = compileFormulas([{ name: 'k', formula: 't / 2', unit: 'kbit' }], timed);
    expect(wrong.errors.get('k')).toMatchObject([{ code: 'unit_mismatch' }]);
  });

  it('keeps formulas that double at every step cheap, and bounds how deep they stand', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 45 }, (_, i) => [`f${i}`, i === 0 ? 'a' : `f${i - 1} + f${i - 1}`]),
    );
    const { formulas } = compile(doubling);
    expect(evaluate(formulas.get('f44')!, new Map([['a', 1]]))).toEqual({ status: 'ok', value: 2 ** 44 });
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i === 0 ? 'a' : `f${i - 1}`]).reverse(),
    );
    const deep = compile(chain);
    expect(deep.formulas.size).toBe(51);
    expect(deep.errors.get('f51')).toMatchObject([{ code: 'too_deep' }]);
  });
});

describe('the ratio of a formula', () => {
  const parts = (text: string, others: Record<string, string> = {}) => {
    const ratio = compile({ ...others, K: text }).formulas.get('K')?.ratio;
    if (!ratio) return null;
    const keys = (inputs: readonly { readonly key: string }[]) => inputs.map((input) => input.key).join(' ');
    return [
      ratio.scale,
      ...ratio.terms.map((term) => `${keys(term.numerator.inputs)}|${keys(term.denominator.inputs)}`),
    ];
  };

  it.each([
    ['100*a/b', [100, 'a|b']],
    ['100*(a+b)/(c+d)', [100, 'a b|c d']],
    ['a/b', [1, 'a|b']],
    ['3600*a/b/10', [360, 'a|b']],
    ['100*(a/b)*(c/d)', [100, 'a|b', 'c|d']],
    ['a*c/b', [1, 'a c|b']],
    ['100*(seconds(a)-a)/seconds(a)', [100, 'seconds(a) a|seconds(a)']],
    ['-a/b', [-1, 'a|b']],
    ['100*(2*a+b*3-c/4)/d', [100, 'a b c|d']],
    ['a', null],
    ['a/2', null],
    ['1/a', null],
    ['100*(a/b+c)/d', null],
    ['100*max(a,b)/c', null],
    ['a/b+c/d', null],
    ['0*a/b', null],
    ['a/0/b', null],
  ])('of %s is %j', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('reaches through references', () => {
    expect(parts('r1*r2/100', { r1: '100*a/b', r2: '100*c/d' })).toEqual([100, 'a|b', 'c|d']);
    expect(parts('100*ok/(ok+c)', { ok: 'a-b' })).toEqual([100, 'a b|a b c']);
  });

  it('is none where the expansion would grow without bound', () => {
    const squares = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`f${i}`, i === 0 ? 'a/b' : `f${i - 1} * f${i - 1}`]),
    );
    expect(parts('f39', squares)).toBeNull();
    const nested = Object.fromEntries(
      Array.from({ length: 45 }, (_, i) => [`f${i}`, i === 0 ? 'a/b' : `${'-'.repeat(190)}f${i - 1}`]),
    );
    expect(parts('f44', nested)).toBeNull();
  });
});
