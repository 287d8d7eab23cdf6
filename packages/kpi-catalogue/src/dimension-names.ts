import type { Dimension } from './catalogue-types.ts';

/** How sources write the dimensions, in small letters and without what is no letter or digit. */
const WRITTEN: ReadonlyMap<string, Dimension | 'index'> = new Map([
  ['qci', 'QCI'],
  ['5qi', '5QI'],
  ['fiveqi', '5QI'],
  ['snssai', 'SNSSAI'],
  ['nssai', 'SNSSAI'],
  ['slice', 'SNSSAI'],
  ['plmn', 'PLMN'],
  ['plmnid', 'PLMN'],
  ['cause', 'CAUSE'],
  ['beam', 'BEAM'],
  ['beamid', 'BEAM'],
  ['ssb', 'BEAM'],
  ['ssbindex', 'BEAM'],
  ['cqi', 'CQI'],
  ['index', 'index'],
]);

/** The name that the catalogue has for a dimension, however it is written; others stay as they are. */
export function canonicalDimension(written: string): string {
  return WRITTEN.get(written.toLowerCase().replace(/[^a-z0-9]/g, '')) ?? written;
}
