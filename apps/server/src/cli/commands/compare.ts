import { type CompareAnswer, compareRequest } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { inOptionNames, kpiOptions, numberOf, parseInput } from '../input.ts';
import { open } from '../open.ts';
import { compareCsv, compareJson, compareMarkdown, compareTable, type TableView } from '../output/compare-document.ts';
import { judgeCsv, judgeMarkdown, judgeTable } from '../output/judge-document.ts';

export interface CompareCommandOptions {
  /** `--n-1` */
  readonly n1: string;
  readonly n: string;
  readonly ne?: string;
  readonly cell?: string;
  readonly peg?: string;
  readonly kpi: readonly string[];
  readonly by?: string;
  readonly algorithm?: string;
  readonly alpha?: string;
  readonly threshold?: string;
  readonly format: 'table' | 'json' | 'csv' | 'markdown';
  readonly failOn?: 'fail' | 'marginal' | 'degraded';
}

const RENDERERS: Record<CompareCommandOptions['format'], (document: CompareAnswer, view: TableView) => string> = {
  table: (one, view) => (one.algorithm_version === 'judge-1' ? judgeTable(one, view) : compareTable(one, view)),
  json: compareJson,
  csv: (one) => (one.algorithm_version === 'judge-1' ? judgeCsv(one) : compareCsv(one)),
  markdown: (one, view) =>
    one.algorithm_version === 'judge-1' ? judgeMarkdown(one, view) : compareMarkdown(one, view),
};

const OPTION_NAMES = {
  n_minus_1: '--n-1',
  n: '--n',
  ne: '--ne',
  cellid: '--cell',
  pegs: '--peg',
  kpis: '--kpi',
  peg_definitions: '--kpi',
  by: '--by',
  algorithm_version: '--algorithm',
  alpha: '--alpha',
  threshold: '--threshold',
};

export const compare: Command<CompareCommandOptions> = async (context, options) => {
  const { config, logger, signal, terminalColumns } = context;
  const request = parseInput(compareRequest, requestOf(options, config.timeZone), OPTION_NAMES);
  await using services = await open(openServices(config, { logger }));
  const document = await services.compare
    .compare(request, { maxSeries: Number.POSITIVE_INFINITY, signal })
    .catch((error: unknown) => {
      throw inOptionNames(error, OPTION_NAMES);
    });
  if (options.format !== 'json') for (const { message } of document.warnings) context.note(`warning: ${message}`);
  await context.print(RENDERERS[options.format](document, { timeZone: config.timeZone, columns: terminalColumns }));
  if (options.failOn === undefined || !reaches(document, options.failOn)) return EXIT_CODES.ok;
  const { verdict, reasons } = document.summary;
  context.note(`--fail-on ${options.failOn} is reached: ${verdict}; ${reasons.join('; ')}`);
  return EXIT_CODES.gateFailed;
};

function requestOf(options: CompareCommandOptions, timeZone: string): Record<string, unknown> {
  const { alpha, threshold } = options;
  const { names, definitions } = kpiOptions(options.kpi);
  return {
    n_minus_1: options.n1,
    n: options.n,
    ne: options.ne,
    cellid: options.cell,
    pegs: options.peg,
    kpis: names.length > 0 ? names : undefined,
    peg_definitions: definitions,
    by: options.by,
    algorithm_version: options.algorithm,
    alpha: alpha === undefined ? undefined : numberOf('--alpha', alpha),
    threshold: threshold === undefined ? undefined : numberOf('--threshold', threshold),
    timezone: timeZone,
  };
}

/** Whether a gate must close. What could not be judged never passes one. */
function reaches(document: CompareAnswer, level: NonNullable<CompareCommandOptions['failOn']>): boolean {
  const { verdict } = document.summary;
  const worse = document.algorithm_version === 'judge-1' ? document.summary.degraded : document.summary.declined;
  const emptyPeriod = document.warnings.some(({ code }) => code.startsWith('no_samples_in_'));
  if (verdict === 'NO_VERDICT' || emptyPeriod) return true;
  if (level === 'degraded') return worse > 0;
  return verdict === 'FAIL' || (level === 'marginal' && verdict === 'MARGINAL');
}
