import { formulaReferences, parseFormula } from '@pegboard/formula';
import {
  CATALOGUE,
  type Category,
  type CounterDefinition,
  type CounterKind,
  type KpiDefinition,
  labelledSubCounter,
  type Polarity,
  type Rat,
  subCounterOf,
} from '@pegboard/kpi-catalogue';

/** What the shipped catalogue, or the name itself, says of a PEG. */
export interface PegDefaults {
  /** The counter that it is a sub-counter of, or its own name. */
  readonly base: string;
  /** Values by dimension; empty for the counter itself. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** It is the total of its sub-counters, never added to them. */
  readonly isTotal: boolean;
  readonly kind: CounterKind | null;
  readonly unit: string | null;
  /** For derived counters: the counter that weights it; null: time does. */
  readonly weightedBy: string | null;
  readonly polarity: Polarity | null;
  readonly weight: number | null;
  /** By effect scale. */
  readonly thresholds: Readonly<Record<string, number>> | null;
  readonly category: Category | null;
  readonly clause: string | null;
}

const NOTHING: Omit<PegDefaults, 'base'> = {
  dimensions: {},
  isTotal: false,
  kind: null,
  unit: null,
  weightedBy: null,
  polarity: null,
  weight: null,
  thresholds: null,
  category: null,
  clause: null,
};

const RATS = ['LTE', 'NR'] as const satisfies readonly Rat[];

interface KnownNames {
  readonly counters: ReadonlyMap<string, CounterDefinition>;
  /** Counters of vendors: what they are, by name. */
  readonly vendors: ReadonlyMap<string, Pick<PegDefaults, 'kind' | 'unit' | 'weightedBy'>>;
  /** KPIs that are one counter: what is good for the KPI is good for the counter. */
  readonly kpis: ReadonlyMap<string, KpiDefinition>;
}

const KNOWN: Readonly<Record<Rat, KnownNames>> = { LTE: knownNames('LTE'), NR: knownNames('NR') };

/**
 * Takes the name of a PEG apart and says what the catalogue knows of it. Where the RAT is not known, a name that means the
 * same in all RATs that know it counts, else only what the name itself says.
 */
export function pegDefaults(rat: string | null, name: string): PegDefaults {
  return known(rat, name) ?? { ...NOTHING, base: name };
}

function known(rat: string | null, name: string): PegDefaults | null {
  const found = RATS.filter((each) => rat === null || rat === each)
    .map((each) => ofRat(each, name))
    .filter((defaults) => defaults !== null);
  const [first, ...others] = found;
  if (first === undefined) return null;
  return others.every((other) => isSame(first, other)) ? first : fromName(null, name);
}

function isSame(a: PegDefaults, b: PegDefaults): boolean {
  return a.kind === b.kind && a.unit === b.unit && a.base === b.base;
}

function ofRat(rat: Rat, name: string): PegDefaults | null {
  const { counters, vendors, kpis } = KNOWN[rat];
  const written = fromName(rat, name);
  const sub = subCounterOf(name, counters);
  const base = sub?.base ?? written?.base ?? name;
  const vendor = vendors.get(name) ?? vendors.get(base);
  const counter = counters.get(base);
  if (!sub && !counter && !vendor) return written;
  const kpi = kpis.get(name) ?? kpis.get(base);
  const unit = counter?.unit ?? written?.unit ?? vendor?.unit ?? null;
  return {
    base,
    dimensions: sub ? Object.fromEntries(sub.dimensions) : (written?.dimensions ?? {}),
    isTotal: sub?.total ?? written?.isTotal ?? false,
    kind: counter?.kind ?? vendor?.kind ?? null,
    unit,
    weightedBy: counter?.weightedBy ?? vendor?.weightedBy ?? null,
    polarity: kpi?.polarity ?? null,
    weight: kpi?.weight ?? null,
    thresholds: kpi ? { [kpi.effectScale]: kpi.threshold } : null,
    category: kpi?.category ?? null,
    clause: counter?.clause ?? null,
  };
}

const UNIT = /\(([^()]{1,16})\)$/;
const UNITS_IN_NAMES = new Set([
  'Kbps',
  'Mbps',
  'kbps',
  'bps',
  'Kbytes',
  'Mbytes',
  'bytes',
  'ms',
  's',
  '%',
  'dBm',
  'dB',
]);

/** What a name says by itself: dimensions as imports write them or behind labels, the index of a vector, a unit in parentheses. */
function fromName(rat: Rat | null, name: string): PegDefaults | null {
  const sub = labelledSubCounter(name, rat);
  const base = sub?.base ?? name;
  const inName = UNIT.exec(base)?.[1];
  const unit = inName !== undefined && UNITS_IN_NAMES.has(inName) ? inName : null;
  if (sub === null && unit === null) return null;
  return {
    ...NOTHING,
    base,
    dimensions: Object.fromEntries(sub?.dimensions ?? []),
    isTotal: sub?.total ?? false,
    unit,
  };
}

function knownNames(rat: Rat): KnownNames {
  const ofRat = CATALOGUE.counters.filter((counter) => counter.rat === rat);
  const counters = new Map(ofRat.map((counter) => [counter.name, counter]));
  const vendors = new Map<string, Pick<PegDefaults, 'kind' | 'unit' | 'weightedBy'>>();
  for (const vendor of CATALOGUE.vendors.filter((each) => each.rat === rat)) {
    const parsed = parseFormula(vendor.formula);
    const target = counters.get(vendor.counter);
    if (parsed.status === 'error' || !target) continue;
    const isAlone = parsed.formula.root.kind === 'name';
    for (const { name } of formulaReferences(parsed.formula.root)) {
      const own = { kind: target.kind, unit: target.unit, weightedBy: target.weightedBy };
      // Of several counters each is a count, whatever they make together.
      vendors.set(name, isAlone ? own : { kind: 'cumulative', unit: null, weightedBy: null });
    }
  }
  const kpis = new Map<string, KpiDefinition>();
  for (const kpi of CATALOGUE.kpis.filter((each) => each.rat === rat && each.formula !== null)) {
    const parsed = parseFormula(kpi.formula ?? '');
    if (parsed.status === 'ok' && parsed.formula.root.kind === 'name') kpis.set(parsed.formula.root.name, kpi);
  }
  return { counters, vendors, kpis };
}
