import {
  type CompiledFormula,
  compileFormulas,
  evaluate,
  evaluateRatio,
  type FormulaInputs,
  formulaReferences,
  parseFormula,
  selectDimension,
} from '@pegboard/formula';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, catalogueScope } from './catalogue.ts';
import type { KpiDefinition, Rat } from './catalogue-types.ts';
import { type HandComputed, LTE_VALUES, NR_VALUES } from './testing/hand-computed.ts';

const CORE_25 = (
  'L01 L03 L04 L06 L08 L09 L11 L12 L14 L15 L16 ' + 'N01 N03 N04 N05 N07 N09 N11 N13 N14 N15 N16 N17 N18 N19'
).split(' ');

const definitions = (rat: Rat) =>
  CATALOGUE.kpis
    .filter((kpi) => kpi.rat === rat)
    .map((kpi) => ({ name: kpi.id, formula: kpi.formula ?? '', unit: kpi.unit }));
const compiled = {
  LTE: compileFormulas(definitions('LTE'), catalogueScope('LTE')),
  NR: compileFormulas(definitions('NR'), catalogueScope('NR')),
};
const kpi = (id: string): KpiDefinition => CATALOGUE.kpis.find((each) => each.id === id)!;
const formula = (id: string): CompiledFormula => compiled[kpi(id).rat].formulas.get(id)!;
const inputs = (values: Readonly<Record<string, number>>): FormulaInputs => new Map(Object.entries(values));

const HAND_COMPUTED: readonly HandComputed[] = [...LTE_VALUES, ...NR_VALUES];
const RATIOS = HAND_COMPUTED.filter(([id]) => formula(id).ratio !== null);

describe('the catalogue', () => {
  it('has every KPI of the plan, once', () => {
    const ids = CATALOGUE.kpis.map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    const bases = new Set(ids.map((id) => id.split('.')[0]));
    const numbers = (letter: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
    expect([...bases].sort()).toEqual([...numbers('L', 19), ...numbers('N', 24)]);
  });

  it('has the 25 of the default set', () => {
    const core = new Set(CATALOGUE.kpis.filter((each) => each.core).map((each) => each.id.split('.')[0]));
    expect([...core].sort()).toEqual(CORE_25);
  });

  it('compiles without a fault, units included', () => {
    expect([...compiled.LTE.errors, ...compiled.NR.errors]).toEqual([]);
    expect(compiled.LTE.formulas.size + compiled.NR.formulas.size).toBe(CATALOGUE.kpis.length);
  });

  it.each(CATALOGUE.kpis.map((each) => [each.id, each] as const))('describes %s in both languages', (_, each) => {
    expect(each.nameKo).toMatch(/[가-힣]/);
    expect(each.nameKo).not.toBe(each.nameEn);
    expect(each.weight).toBeGreaterThanOrEqual(1);
    expect(each.weight).toBeLessThanOrEqual(10);
    expect(Number.isInteger(each.weight)).toBe(true);
    expect([each.clause, each.description, each.unit].every((text) => text.length > 0)).toBe(true);
    expect(each.effectiveFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect((each.formula === null) === (each.notComputable !== null)).toBe(true);
  });

  it('judges success by failures, losses by a tenth, throughput and volume by a twentieth, shares by a point', () => {
    const judged = (id: string) => [kpi(id).effectScale, kpi(id).threshold, kpi(id).polarity];
    expect(judged('L01')).toEqual(['failure', 20, 'higher_better']);
    expect(judged('L14')).toEqual(['failure', 20, 'higher_better']);
    expect(judged('L08')).toEqual(['relative', 10, 'lower_better']);
    expect(judged('N18.loss.ul')).toEqual(['relative', 10, 'lower_better']);
    expect(judged('N13.dl')).toEqual(['relative', 5, 'higher_better']);
    expect(judged('N22.volume.dl')).toEqual(['relative', 5, 'neutral']);
    expect(judged('N14.ul')).toEqual(['points', 1, 'neutral']);
    expect(judged('N17.share7')).toEqual(['points', 1, 'higher_better']);
  });

  it('judges by failures only what is a success or availability in percent', () => {
    const odd = CATALOGUE.kpis.filter(
      (each) => each.effectScale === 'failure' && (each.unit !== '%' || each.kind !== 'ratio'),
    );
    expect(odd).toEqual([]);
  });

  it('marks what is not confirmed', () => {
    const unverified = CATALOGUE.kpis.filter((each) => each.description.startsWith('unverified: '));
    expect(unverified.map((each) => each.id)).toEqual(
      expect.arrayContaining(['L09', 'L10', 'L15.ul', 'L16', 'L17', 'L18.mean', 'N05', 'N07', 'N12', 'N24']),
    );
    expect(CATALOGUE.counters.find((each) => each.name === 'DRB.SessionTime')?.unitUnverified).toBe(true);
  });
});

describe('the counters', () => {
  it('are named once a RAT, weighted by counters that exist, totalled by their own', () => {
    const names = CATALOGUE.counters.map((each) => `${each.rat} ${each.name}`);
    const known = new Set(names);
    expect(known.size).toBe(names.length);
    for (const { rat, kind, name, weightedBy, totalOf } of CATALOGUE.counters) {
      expect(kind === 'derived').toBe(weightedBy !== null);
      if (weightedBy !== null) expect(known.has(`${rat} ${weightedBy}`)).toBe(true);
      expect(totalOf).toBe(name.endsWith('.sum') ? name.slice(0, -4) : null);
    }
  });

  it('are never added to their own total', () => {
    for (const { formula: text, id } of CATALOGUE.kpis) {
      const parsed = parseFormula(text ?? '');
      if (parsed.status === 'error') throw new Error(id);
      const names = new Set(formulaReferences(parsed.formula.root).map((reference) => reference.name));
      for (const name of names) expect(names.has(`${name}.sum`)).toBe(false);
    }
  });

  it('have vendor counters that can be read, for counters that exist', () => {
    for (const { rat, counter, formula: text } of CATALOGUE.vendors) {
      expect(parseFormula(text).status).toBe('ok');
      expect(CATALOGUE.counters.some((each) => each.name === counter && each.rat === rat)).toBe(true);
    }
    const names = CATALOGUE.vendors.map((each) => each.formula).join(' ');
    for (const name of ['pmRrcConnEstabAttReatt', 'pmDrbEstabSucc5qi', 'pmHoExeSuccOutInterGnb', 'pmCellDowntimeMan']) {
      expect(names).toContain(name);
    }
    expect(names).toContain("'AirMacDLThruAvg(Kbps)'");
  });
});

describe('the KPIs by hand', () => {
  it('are all there', () => {
    expect(HAND_COMPUTED.map(([id]) => id).sort()).toEqual(CATALOGUE.kpis.map((each) => each.id));
  });

  it.each(HAND_COMPUTED)('%s has the value computed by hand', (id, values, expected) => {
    const value = evaluate(formula(id), inputs(values));
    expect(value.status).toBe('ok');
    if (value.status === 'ok') expect(Math.abs(value.value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
  });

  it.each(HAND_COMPUTED)('%s has no value for a cell without data', (id) => {
    expect(evaluate(formula(id), new Map())).toMatchObject({ status: 'no_value', reason: 'missing_input' });
  });

  it.each(HAND_COMPUTED)('%s has no value where any counter is missing', (id, values) => {
    for (const { key } of formula(id).inputs) {
      const { [key]: _, ...others } = values;
      expect(evaluate(formula(id), inputs(others))).toMatchObject({ reason: 'missing_input', name: key });
    }
  });

  it.each(RATIOS)('%s has no value for 0 attempts', (id, values) => {
    const nothing = Object.fromEntries(Object.keys(values).map((key) => [key, 0]));
    expect(evaluate(formula(id), inputs(nothing))).toMatchObject({ status: 'no_value', reason: 'zero_over_zero' });
  });

  it.each(RATIOS)('%s is its scale times numerator by denominator, and nothing to flag', (id, values, expected) => {
    const ratio = evaluateRatio(formula(id), inputs(values), kpi(id).kind === 'ratio');
    const product = ratio!.terms.reduce(
      (product, { numerator, denominator }) =>
        numerator.status === 'ok' && denominator.status === 'ok'
          ? (product * numerator.value) / denominator.value
          : Number.NaN,
      ratio!.scale,
    );
    expect(product).toBeCloseTo(expected, 9);
    expect(ratio!.flags).toEqual([]);
  });

  it.each(RATIOS.filter(([id]) => kpi(id).kind === 'ratio'))('%s flags more successes than attempts', (id, values) => {
    const term = formula(id).ratio!.terms[0];
    const shared = new Set(term.denominator.inputs.map((each) => each.key));
    const own = term.numerator.inputs.find((each) => !shared.has(each.key))!;
    const { flags } = evaluateRatio(
      formula(id),
      inputs({ ...values, [own.key]: id === 'L14' || id === 'N24' ? -1000 : 1e9 }),
      true,
    )!;
    expect(flags).toContain('numerator_above_denominator');
  });

  it('keep a ratio of counts for the tests of counts wherever they are one', () => {
    const ofCounts = new Set(RATIOS.map(([id]) => id));
    const expected = CATALOGUE.kpis
      .filter((each) => each.kind === 'ratio' || each.kind === 'rate')
      .map((each) => each.id);
    expect([...ofCounts].sort()).toEqual(expected);
    expect(formula('L04').ratio?.terms).toHaveLength(3);
    expect(formula('N05').ratio?.terms).toHaveLength(3);
  });

  it('take the ratio of sums, not the mean of ratios', () => {
    const cells = [
      [99, 100],
      [450, 900],
      [0, 0],
    ];
    const sum = (at: number) => cells.reduce((total, cell) => total + cell[at], 0);
    const value = evaluate(formula('L01'), inputs({ 'RRC.ConnEstabSucc.sum': sum(0), 'RRC.ConnEstabAtt.sum': sum(1) }));
    expect(value).toEqual({ status: 'ok', value: 54.9 });
  });

  it('can be asked for one value of the dimension that they sum over', () => {
    for (const { id, rat, splitBy, formula: text } of CATALOGUE.kpis) {
      if (splitBy === null) continue;
      const parsed = parseFormula(text ?? '');
      if (parsed.status === 'error') throw new Error(id);
      const one = compileFormulas(
        [{ name: id, formula: selectDimension(parsed.formula, splitBy, '9') }],
        catalogueScope(rat),
      );
      expect(one.formulas.get(id)?.inputs.map((each) => each.selectors)).toEqual([
        [{ dimension: splitBy, value: '9' }],
        [{ dimension: splitBy, value: '9' }],
      ]);
    }
  });
});
