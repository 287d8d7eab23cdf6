import { type FormulaNode, parseFormula } from '@pegboard/formula';
import { CATALOGUE, type KpiDefinition, type Rat } from '@pegboard/kpi-catalogue';
import { type BenchCounter, COUNTERS, PERIOD_S } from './kpi-samples.ts';

/** How a database writes the value of a counter in a row: by its place among the counters of its RAT. */
export interface Dialect {
  readonly column: (place: number) => string;
  readonly double: string;
}

/** A table a RAT with a column a counter. */
export const DUCKDB: Dialect = { column: (place) => `c${place}`, double: 'DOUBLE' };
/** The blocks of the store itself. */
export const POSTGRES: Dialect = { column: (place) => `b."values"[${place + 1}]`, double: 'double precision' };

/** A KPI as a plain SQL expression over the rows of a group: a ratio of sums, null for a division by 0. */
export function kpiSql(kpi: KpiDefinition, dialect: Dialect): string {
  const parsed = parseFormula(kpi.formula ?? '');
  if (parsed.status === 'error') throw new Error(`${kpi.id} cannot be read`);
  return nodeSql(parsed.formula.root, { rat: kpi.rat, dialect });
}

interface Context {
  readonly rat: Rat;
  readonly dialect: Dialect;
}

function nodeSql(node: FormulaNode, context: Context): string {
  const again = (child: FormulaNode) => nodeSql(child, context);
  switch (node.kind) {
    case 'number':
      return `${node.value}::${context.dialect.double}`;
    case 'negate':
      return `-(${again(node.operand)})`;
    case 'sum':
      return `(${[again(node.first), ...node.rest.map((each) => `${each.operator} ${again(each.operand)}`)].join(' ')})`;
    case 'product':
      return `(${[again(node.first), ...node.rest.map((each) => factorSql(each.operator, again(each.operand)))].join(' ')})`;
    case 'seconds':
      return `(${PERIOD_S}.0 * count(${columnsOf(context, node.of.name, [])[0]}))`;
    case 'name':
      return nameSql(node.name, node.selectors, context);
    default:
      throw new Error(`no SQL for ${node.kind}`);
  }
}

function factorSql(operator: string, sql: string): string {
  return operator === '/' ? `/ nullif(${sql}, 0)` : `* ${sql}`;
}

type Selectors = readonly { readonly value: string | null }[];

function nameSql(name: string, selectors: Selectors, context: Context): string {
  const other = CATALOGUE.kpis.find(({ id }) => id === name);
  if (other) return kpiSql(other, context.dialect);
  const [{ definition }] = countersFor(context.rat, name, selectors);
  const columns = columnsOf(context, name, selectors);
  if (definition.kind === 'cumulative') return `(${columns.map((column) => `sum(${column})`).join(' + ')})`;
  if (definition.kind === 'gauge' || definition.weightedBy === null) return `avg(${columns[0]})`;
  const [weight] = columnsOf(context, definition.weightedBy, []);
  return `(sum(${columns[0]} * ${weight}) / nullif(sum(${weight}), 0))`;
}

function columnsOf({ rat, dialect }: Context, name: string, selectors: Selectors): string[] {
  return countersFor(rat, name, selectors).map((counter) => dialect.column(COUNTERS[rat].indexOf(counter)));
}

function countersFor(rat: Rat, name: string, [selector]: readonly { readonly value: string | null }[]): BenchCounter[] {
  return COUNTERS[rat].filter(({ definition, value }) => {
    if (definition.name !== name) return false;
    if (selector === undefined) return value === null;
    return selector.value === null ? value !== null : value === selector.value;
  });
}
