import type { KpiCoverageResponse, MasterKpi, MasterKpisQuery, MasterKpiUpdate } from '@pegboard/contracts';
import type { FormulaErrorCode } from '@pegboard/formula';
import { CATALOGUE } from '@pegboard/kpi-catalogue';
import type { Clock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Kpi } from '../aggregation/kpi.ts';
import { type ListPage, listPage } from '../master/list-page.ts';
import { refuseProblems } from '../selection/selection.ts';
import type { KpiDefinitionStore, StoredKpiUpdate } from './kpi.store.ts';
import type { KpiBookReader } from './kpi-book-reader.ts';
import { faultyFormulas } from './plan-kpis.ts';

/** KPIs that administrators may keep beside those of the catalogue. */
const MAX_STORED_KPIS = 5000;

export interface KpisService {
  list(query: MasterKpisQuery): Promise<ListPage<MasterKpi>>;
  coverage(): Promise<KpiCoverageResponse>;
  /** Rejects with DATA_VALIDATION_ERROR for a faulty formula; counters may come later. */
  put(name: string, update: MasterKpiUpdate): Promise<MasterKpi>;
  /** Rejects with UNKNOWN_NAME where an administrator has said nothing of it. */
  remove(name: string): Promise<void>;
}

/** Faults that end when more data comes. */
const MENDED_BY_DATA: ReadonlySet<FormulaErrorCode> = new Set([
  'unknown_name',
  'ambiguous_name',
  'unknown_dimension',
  'broken_reference',
]);

export function createKpisService(store: KpiDefinitionStore, kpis: KpiBookReader, clock: Clock): KpisService {
  const all = async () => (await kpis.read()).book().kpis.map(toMasterKpi);
  return {
    async list({ computable, ...query }) {
      const found = (await all()).filter((kpi) => computable === undefined || kpi.computable === computable);
      return listPage(found, query, {
        keyOf: ({ name }) => [name],
        textOf: ({ name, name_en, name_ko }) => `${name} ${name_en ?? ''} ${name_ko ?? ''}`,
      });
    },

    async coverage() {
      const found = (await all()).sort((a, b) => (a.name < b.name ? -1 : 1));
      const computable = found.filter((kpi) => kpi.computable).length;
      return {
        catalogue_version: CATALOGUE.version,
        computable,
        not_computable: found.length - computable,
        kpis: found,
      };
    },

    async put(name, update) {
      const known = await kpis.read();
      const book = known.book();
      const before = book.kpis.find((kpi) => kpi.name === name);
      if (!before && (update.formula ?? null) === null) throw unknownKpi(name, book.suggest(name), true);
      if (!known.stored.some((kpi) => kpi.name === name) && known.stored.length >= MAX_STORED_KPIS) {
        throw new PegboardError('UNPROCESSABLE', `there are ${MAX_STORED_KPIS} stored KPIs already; remove some`);
      }
      if (typeof update.formula === 'string') {
        const rat = update.rat === undefined ? (before?.rat ?? null) : update.rat;
        const faults = book.check(name, update.formula, rat).filter(({ code }) => !MENDED_BY_DATA.has(code));
        if (faults.length > 0) throw faultyFormulas(new Map([[name, faults]]), () => 'formula');
      }
      await store.put(name, withoutUndefined(update), clock.nowMs());
      kpis.forget();
      const after = (await all()).find((kpi) => kpi.name === name);
      if (!after) throw new Error(`the KPI ${name} is gone`);
      return after;
    },

    async remove(name) {
      if (!(await store.remove(name))) throw unknownKpi(name, [], false);
      kpis.forget();
    },
  };
}

function unknownKpi(name: string, suggestions: readonly string[], mayDefine: boolean): unknown {
  if (mayDefine && suggestions.length === 0) {
    const message = `there is no KPI '${name}'; a new one needs a formula`;
    return new PegboardError('UNKNOWN_NAME', message, { details: [{ path: 'formula', message }] });
  }
  try {
    refuseProblems([{ kind: 'unknown', field: 'kpis', name, suggestions }]);
  } catch (error) {
    return error;
  }
  return new Error('an unknown name was not refused');
}

function withoutUndefined(update: MasterKpiUpdate): StoredKpiUpdate {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined));
}

function toMasterKpi(kpi: Kpi): MasterKpi {
  const { definition, coverage, thresholds } = kpi;
  const isComputable = coverage.status === 'computable';
  return {
    name: kpi.name,
    name_en: definition?.nameEn ?? null,
    name_ko: definition?.nameKo ?? null,
    source: kpi.source,
    formula: kpi.formula,
    version: kpi.version,
    effective_from: kpi.effectiveFrom,
    unit: kpi.unit,
    rat: kpi.rat,
    category: kpi.category,
    polarity: kpi.polarity,
    weight: kpi.weight,
    critical: kpi.critical,
    thresholds: thresholds === null ? null : { ...thresholds },
    clause: definition?.clause ?? null,
    core: definition?.core ?? false,
    description: kpi.description,
    computable: isComputable,
    computed_by: isComputable ? coverage.formula : null,
    replaced: isComputable ? coverage.replaced.map((each) => ({ ...each })) : [],
    reason: isComputable ? null : coverage.reason,
    missing: isComputable
      ? []
      : coverage.missing.map(({ counter, wouldDo }) => ({ counter, would_do: wouldDo.map((each) => ({ ...each })) })),
  };
}
