import { SaxesParser } from 'saxes';
import { generateNetwork } from '../generate-network.ts';
import { type NetworkOptions, type NetworkOptionsInput, networkOptions } from '../network-options.ts';

/** One value as a reader of the generated files finds it. */
export interface Reading {
  readonly ne: string;
  readonly object: string;
  readonly family: string;
  readonly cell: string | null;
  readonly peg: string;
  readonly beginMs: number;
  readonly value: number;
  readonly suspect: boolean;
}

export function smallNetwork(input: Partial<NetworkOptionsInput>): NetworkOptions {
  const defaults = { nes: 2, cells: 2, pegs: 20, days: 1, seed: 7, startMs: Date.UTC(2025, 10, 8) };
  return networkOptions({ ...defaults, ...input }, () => Date.UTC(2025, 10, 22));
}

export function contentOf(options: NetworkOptions): readonly string[] {
  return [...generateNetwork(options)].map((file) => `${file.path}\n${[...file.chunks].join('')}`);
}

/** All values of the XML files of a network, through an XML parser. */
export function readings(options: NetworkOptions): readonly Reading[] {
  const all: Reading[] = [];
  for (const file of generateNetwork(options)) readXml([...file.chunks].join(''), all);
  return all;
}

/** Values by `<ne>/<cell> <peg>`, in time order. */
export function seriesOf(all: readonly Reading[]): ReadonlyMap<string, readonly Reading[]> {
  const series = new Map<string, Reading[]>();
  for (const reading of all) {
    const key = `${reading.ne}/${reading.cell} ${reading.peg}`;
    const list = series.get(key);
    if (list) list.push(reading);
    else series.set(key, [reading]);
  }
  return series;
}

function readXml(text: string, all: Reading[]): void {
  const parser = new SaxesParser();
  let ne = '';
  let endMs = 0;
  let durationS = 0;
  let object = '';
  let p = '';
  let data = '';
  let names = new Map<string, string>();
  let values: { peg: string; value: number }[] = [];
  let suspect = false;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    data = '';
    if (name === 'managedElement') ne = attributes['localDn'] ?? '';
    if (name === 'measInfo') names = new Map();
    if (name === 'granPeriod') {
      endMs = Date.parse(attributes['endTime'] ?? '');
      durationS = Number(/^PT(\d+)S$/.exec(attributes['duration'] ?? '')?.[1]);
    }
    if (name === 'measType' || name === 'r') p = attributes['p'] ?? '';
    if (name === 'measValue') {
      object = attributes['measObjLdn'] ?? '';
      values = [];
      suspect = false;
    }
  });
  parser.on('text', (chunk) => {
    data += chunk;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'measType') names.set(p, data);
    if (name === 'r') values.push({ peg: names.get(p) ?? '', value: Number(data) });
    if (name === 'suspect') suspect = data === 'true';
    if (name !== 'measValue') return;
    const [family = '', id = ''] = object.slice(object.lastIndexOf(',') + 1).split('=');
    const cell = family.includes('Cell') ? id : null;
    for (const { peg, value } of values) {
      all.push({ ne, object, family, cell, peg, beginMs: endMs - durationS * 1000, value, suspect });
    }
  });
  parser.write(text).close();
}
