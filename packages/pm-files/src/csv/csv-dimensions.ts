import { MISSING, parseCsvValue } from './csv-value.ts';

/** Units of measurement that a column `Unit` may hold: they are no dimension. */
const MEASUREMENT_UNITS: ReadonlySet<string> = new Set(
  `1 % percent count counts cnt num number numbers integer float none ratio times ea ue ues user users packet packets
   pkt pkts prb prbs bit bits kbit mbit gbit byte bytes kb mb gb kbyte mbyte gbyte kib mib gib bps kbps mbps gbps bit/s
   kbit/s mbit/s byte/s b/s kb/s mb/s us µs usec ms msec s sec secs second seconds min minute minutes h hour hours db
   dbm dbi w mw watt kw wh kwh hz khz mhz erl erlang c celsius ℃ °c 개 건 회 명 초 분`.split(/\s+/),
);

/**
 * The name of a sub-counter: `Peg{QCI=9}`, `Peg{Unit=RSSIPath0}`, as formulas select it. Empty values and units of
 * measurement are no dimension. `fields` is a row, `dimensions` the columns and their names.
 */
export function withDimensions(
  peg: string,
  fields: readonly string[],
  dimensions: ReadonlyMap<number, string>,
): string {
  return dimensions.size === 0 ? peg : peg + dimensionSuffix(fields, dimensions);
}

/** `{QCI=9,PLMN=45005}`, or nothing where a row is of no dimension. */
export function dimensionSuffix(fields: readonly string[], dimensions: ReadonlyMap<number, string>): string {
  const selectors: string[] = [];
  for (const [place, dimension] of dimensions) {
    const value = fields[place]?.trim() ?? '';
    if (parseCsvValue(value, 'point') === MISSING) continue;
    if (dimension === 'Unit' && MEASUREMENT_UNITS.has(value.toLowerCase().replace(/^\((.*)\)$/, '$1'))) continue;
    selectors.push(`${dimension}=${/[,{}'=]/.test(value) ? `'${value.replaceAll("'", "''")}'` : value}`);
  }
  return selectors.length === 0 ? '' : `{${selectors.join(',')}}`;
}
