import { formatChange } from './changes.ts';
import { networkSize } from './generate-network.ts';
import { plannedCounters } from './network-plan.ts';
import type { NetworkPlan } from './planned-network.ts';
import { isoSeconds } from './xml-file.ts';

export const CATALOGUE_FILE = 'pegboard-catalogue.json';
export const README_FILE = 'README.txt';
/** The README is written first and begins so: it marks a folder as the generator's. */
export const README_MARK = 'GENERATED DATA:';

/** `pegboard-catalogue.json`: what the generated PEGs mean, for the ingest to read. */
export function catalogueDocument(plan: NetworkPlan): string {
  const pegs = plannedCounters(plan).map(({ family, name, unit, kind, polarity, weight, description }) => ({
    family,
    name,
    unit,
    kind,
    polarity,
    weight,
    description,
  }));
  return `${JSON.stringify({ pegboard_catalogue: 1, generated: true, pegs }, null, 1)}\n`;
}

/** `README.txt`: that the data is generated, from what, and which changes are in it. Equal text means equal data. */
export function readmeDocument(plan: NetworkPlan): string {
  const { options } = plan;
  const size = networkSize(options);
  const lines = [
    `${README_MARK} no measurement of a real network.`,
    'Made by the generator of Pegboard; the same options give the same files.',
    '',
    `NEs           ${options.nes} (odd numbers NR, even numbers LTE)`,
    `Cells an NE   ${options.cells}`,
    `PEGs a cell   ${options.pegs}`,
    `Time          ${isoSeconds(plan.fromMs)} to ${isoSeconds(plan.toMs)} (${options.days} days)`,
    `Granularity   ${options.granularityS} s`,
    `Seed          ${options.seed}`,
    `Format        ${options.format}`,
    `Missing       ${options.missingFraction} of the periods of an object`,
    `Suspect       ${options.suspectFraction} of the periods of an object`,
    `NE objects    ${size.nodeValues > 0 ? 'yes, 3 PEGs each' : 'no'}`,
    `Files         ${size.files}`,
    '',
    options.changes.length === 0 ? 'Injected changes: none' : 'Injected changes:',
    ...options.changes.map((change) => `  ${formatChange(change)}`),
  ];
  return `${lines.join('\n')}\n`;
}
