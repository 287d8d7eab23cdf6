/**
 * `npm run bench:judge`: the judge, the 5 % rule of `v2.1.0` and Kayenta's rule on seeded scenarios, null and shifted, side by
 * side; then what the judge claims, each line with its figure. `--quick` for a tenth, `--only TEXT` for scenarios by name.
 */

import { option, printHeading, printLine } from '../measure.ts';
import { claimsOf } from './claims.ts';
import { figuresOf } from './figures.ts';
import { runScenario } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { TABLE_HEAD, tableLine, worstOf } from './table.ts';

const share = process.argv.includes('--quick') ? 0.15 : 1;
const only = option('only') ?? '';

printHeading('In percent. judge / 5 % rule / Kayenta. same rate: power where both give as many false alarms.');
process.stdout.write(`${TABLE_HEAD}\n`);
const all = SCENARIOS.filter(({ name }) => name.includes(only)).map((scenario) => {
  const comparisons = Math.max(5, Math.round(scenario.comparisons * share));
  const figures = figuresOf(scenario, runScenario(scenario, comparisons));
  process.stdout.write(`${tableLine(figures)}\n`);
  return figures;
});

printHeading('Where the judge is worst');
for (const { what, name, figure } of worstOf(all)) printLine(what, `${figure}  ${name}`);

printHeading('Claims');
const claims = claimsOf(all);
for (const { claim, holds, figure } of claims) printLine(`${holds ? 'pass' : 'FAIL'}  ${claim}`, figure);
if (claims.some(({ holds }) => !holds)) process.exitCode = 1;
