import type { RuleFigures, ScenarioFigures } from './figures.ts';

const NAME_WIDTH = 49;

export const TABLE_HEAD = [
  'scenario'.padEnd(NAME_WIDTH),
  '   false alarms   ',
  '   any degraded   ',
  '       power      ',
  ' same rate  ',
  'wrong unch.',
  ' FDR ',
  'null: unch. inconcl.',
  ' ms',
].join('|');

export function percent(value: number | null): string {
  return (value === null ? '–' : (100 * value).toFixed(1)).padStart(5);
}

export function tableLine(figures: ScenarioFigures): string {
  const { scenario, rules, powerAtSameRate } = figures;
  const three = (of: (rule: RuleFigures) => number | null): string =>
    ` ${percent(of(rules.judge))} ${percent(of(rules.fivePercent))} ${percent(of(rules.kayenta))} `.padEnd(18);
  return [
    `${scenario.group === 'hard' ? '! ' : '  '}${scenario.name}`.padEnd(NAME_WIDTH),
    three(({ falseAlarms }) => falseAlarms),
    three(({ alarmedComparisons }) => alarmedComparisons),
    three(({ power }) => power),
    ` ${percent(powerAtSameRate?.judge ?? null)} ${percent(powerAtSameRate?.kayenta ?? null)}`,
    `   ${percent(figures.wrongUnchanged)}   `,
    percent(rules.judge.falseDiscoveries),
    `    ${percent(figures.unchanged)}   ${percent(figures.inconclusive)}   `,
    ` ${figures.msPerSeries.toFixed(2)}`,
  ].join('|');
}

/** For each kind of weakness the scenario that shows it most. */
export function worstOf(all: readonly ScenarioFigures[]): { what: string; name: string; figure: string }[] {
  const worst = (
    what: string,
    of: (figures: ScenarioFigures) => number | null,
  ): { what: string; name: string; figure: string }[] => {
    const found = all
      .flatMap((figures) => ({ name: figures.scenario.name, value: of(figures) }))
      .filter(({ value }) => value !== null)
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
    return found ? [{ what, name: found.name, figure: percent(Math.abs(found.value ?? 0)) }] : [];
  };
  return [
    ...worst('most comparisons with a false degraded, %', ({ rules }) => rules.judge.alarmedComparisons),
    ...worst('most false discoveries, %', ({ rules }) => rules.judge.falseDiscoveries),
    ...worst('least power, %', ({ rules }) => (rules.judge.power === null ? null : -rules.judge.power)),
    ...worst('most wrong unchanged, %', ({ wrongUnchanged }) => wrongUnchanged),
    ...worst(
      'farthest behind Kayenta at the same rate, points',
      ({ powerAtSameRate: at }) => at && at.kayenta - at.judge,
    ),
  ];
}
