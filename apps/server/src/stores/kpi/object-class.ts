type Rat = 'GSM' | 'UMTS' | 'LTE' | 'NR';

/**
 * Classes that are cells, with their RAT, by lower-cased name (vendors differ in case). Sources: the IOCs of TS 28.541 (NR),
 * 28.658 (E-UTRAN), 28.652 (UTRAN), 28.655 (GERAN), and names that vendors' managers export. `NRCellCU` and `NRCellDU`
 * of one managed element with one id are the same NR cell: a cell is (ne, rat, cell id).
 * To teach a class, add its line here.
 */
const CELL_CLASSES: Readonly<Record<string, Rat | null>> = {
  nrcellcu: 'NR',
  nrcelldu: 'NR',
  nrcell: 'NR',
  eutrancellfdd: 'LTE',
  eutrancelltdd: 'LTE',
  eutrangenericcell: 'LTE',
  eutrancell: 'LTE',
  nbiotcell: 'LTE',
  utrancell: 'UMTS',
  utrancellfdd: 'UMTS',
  utrancelltddlcr: 'UMTS',
  utrancelltddhcr: 'UMTS',
  gsmcell: 'GSM',
  gerancell: 'GSM',
  // Nokia.
  lncel: 'LTE',
  lncel_fdd: 'LTE',
  lncel_tdd: 'LTE',
  wcel: 'UMTS',
  wncel: 'UMTS',
  bts: 'GSM',
  gncel: 'GSM',
  // Huawei.
  nrducell: 'NR',
  ucell: 'UMTS',
  gcell: 'GSM',
  // ZTE.
  cueutrancellfddlte: 'LTE',
  cueutrancelltddlte: 'LTE',
  uutrancellfdd: 'UMTS',
  uutrancelltdd: 'UMTS',
  ulocalcell: 'UMTS',
  ggsmcell: 'GSM',
  // Samsung.
  'gutran-cu-cell': 'NR',
  'gutran-du-cell': 'NR',
  'eutran-generic-cell': 'LTE',
  // Exports that name a cell without saying of which radio access technology.
  cell: null,
};

/** RATs by prefix for classes that are no cells but belong to one RAT (`GNBDUFunction`, `ENodeBFunction` …). */
const RAT_BY_PREFIX: readonly (readonly [string, Rat | null])[] = [
  ['gnbts', 'GSM'],
  ['gnb', 'NR'],
  ['nr', 'NR'],
  ['enodeb', 'LTE'],
  ['enb', 'LTE'],
  ['eutran', 'LTE'],
  ['lnbts', 'LTE'],
  ['lncel', 'LTE'],
  ['lnrel', 'LTE'],
  ['rnc', 'UMTS'],
  ['wbts', 'UMTS'],
  ['wnbts', 'UMTS'],
  ['wcel', 'UMTS'],
  ['nodeb', 'UMTS'],
  ['utran', 'UMTS'],
  ['gsm', 'GSM'],
  ['bts', 'GSM'],
];

export interface ObjectIdentity {
  readonly objectClass: string;
  readonly cellId: string | null;
  readonly rat: Rat | null;
}

/**
 * Class, cell id and RAT of a measured object from its name (LDN, TS 32.300: RDNs separated by commas; a backslash
 * escapes). The empty name is the managed element itself; a name without `=` is of class `Object`.
 */
export function identifyObject(ldn: string): ObjectIdentity {
  if (ldn === '') return { objectClass: 'ManagedElement', cellId: null, rat: null };
  const lastRdn = ldn.slice(lastSeparator(ldn) + 1);
  const equals = lastRdn.indexOf('=');
  const objectClass = equals > 0 ? lastRdn.slice(0, equals).trim() : '';
  if (objectClass === '') return { objectClass: 'Object', cellId: null, rat: null };
  const key = objectClass.toLowerCase();
  if (!Object.hasOwn(CELL_CLASSES, key))
    return { objectClass, cellId: null, rat: RAT_BY_PREFIX.find(([prefix]) => key.startsWith(prefix))?.[1] ?? null };
  const cellId = lastRdn.slice(equals + 1).trim();
  return { objectClass, cellId: cellId === '' ? null : cellId, rat: CELL_CLASSES[key] ?? null };
}

function lastSeparator(ldn: string): number {
  for (let at = ldn.length - 1; at >= 0; at--) {
    if (ldn[at] === ',' && !isEscaped(ldn, at)) return at;
  }
  return -1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= 0 && text[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
