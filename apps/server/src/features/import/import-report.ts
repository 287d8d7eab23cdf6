import { utcText } from '../../platform/utc-text.ts';
import type { BlockDelivery } from './block-delivery.ts';
import type { Granularities } from './granularity.ts';
import type { ImportReport, ImportRequest } from './import-request.ts';
import type { ImportTally } from './import-tally.ts';
import { listedNames } from './listed-names.ts';
import type { SourceQuery } from './slice-query.ts';
import { ROLES } from './table-columns.ts';
import { NUMERIC_KINDS } from './value-text.ts';

interface ImportOutcome {
  readonly connection: string;
  readonly query: SourceQuery;
  readonly request: ImportRequest;
  readonly completed: boolean;
  readonly continued: boolean;
  readonly granularities: Granularities | null;
  readonly unsureFamilies: readonly string[];
  readonly tally: ImportTally;
  readonly delivery: Pick<BlockDelivery, 'insertedBlocks' | 'mergedBlocks' | 'period'>;
  readonly counts: Pick<ImportReport, 'network_elements' | 'objects' | 'families' | 'pegs'>;
  readonly doubtfulTimes: number;
  readonly isIndexed: boolean | null;
  readonly slices: number;
  readonly reconnects: number;
  readonly elapsedMs: number;
}

export function importReport(outcome: ImportOutcome): ImportReport {
  const { query, tally, delivery, granularities, elapsedMs } = outcome;
  const kinds = tally.kinds();
  const { period } = delivery;
  return {
    source: {
      server: outcome.connection,
      table: `${query.table.schema}.${query.table.name}`,
      kind: query.table.kind,
      layout: query.layout,
      columns: Object.fromEntries(ROLES.flatMap((role) => (query.roles[role] ? [[role, query.roles[role].name]] : []))),
      time_zone: query.time.kind === 'instant' ? null : outcome.request.sourceTimeZone,
    },
    completed: outcome.completed,
    continued: outcome.continued,
    period: period && { start: utcText(period.beginMs), end: utcText(period.endMs) },
    granularity_s: granularities && { default: granularities.default, by_family: granularities.byFamily },
    rows: tally.rows,
    values: tally.values,
    numbers: NUMERIC_KINDS.reduce((sum, kind) => sum + (kinds[kind]?.count ?? 0), tally.numbers),
    value_kinds: kinds,
    skipped: tally.skipped(),
    repeated: {
      count: tally.repeated,
      conflicting: { count: tally.conflicting.count, examples: tally.conflicting.examples },
    },
    ...outcome.counts,
    inserted_blocks: delivery.insertedBlocks,
    merged_blocks: delivery.mergedBlocks,
    slices: outcome.slices,
    reconnects: outcome.reconnects,
    warnings: warningsOf(outcome),
    elapsed_ms: Math.round(elapsedMs),
    values_per_s: tally.values > 0 && elapsedMs > 0 ? Math.round((tally.values / elapsedMs) * 1000) : null,
  };
}

function warningsOf({
  query,
  request,
  granularities,
  unsureFamilies,
  tally,
  doubtfulTimes,
  isIndexed,
}: ImportOutcome): string[] {
  const warnings: string[] = [];
  const { ambiguous } = tally.kinds();
  if (ambiguous !== undefined) {
    warnings.push(
      `${ambiguous.count.toLocaleString('en')} values such as ${ambiguous.examples[0]} are ambiguous and count as missing: say --decimal-mark point or --decimal-mark comma`,
    );
  }
  if (granularities !== null && unsureFamilies.length > 0) {
    warnings.push(
      `the newest rows have one time only of ${listedNames(unsureFamilies)}: their periods are taken for ${granularities.default} s, as those of most others; say --granularity family=span where that is wrong`,
    );
  }
  const { column, isText } = query.time;
  if (isText) {
    warnings.push(
      `the times in ${column.name} are texts: each slice looks at the whole table, a column of times with an index would be faster`,
    );
  } else if (isIndexed === false) {
    warnings.push(`no index of ${query.table.name} begins with ${column.name}: each slice looks at the whole table`);
  }
  if (doubtfulTimes > 0) {
    warnings.push(
      `${doubtfulTimes} times occur twice or not at all in ${request.sourceTimeZone}, where clocks are changed; those that occur twice are taken for the earlier`,
    );
  }
  return warnings;
}
