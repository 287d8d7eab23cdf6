import { type CompareDocument, compareRequest } from '@pegboard/contracts';
import { openServices } from '../../compose.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { parseInput } from '../input.ts';
import { open } from '../open.ts';
import { compareCsv, compareJson, compareMarkdown, compareTable } from '../output/compare-document.ts';

export const COMPARE_FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
export const FAIL_ON_LEVELS = ['fail', 'marginal', 'degraded'] as const;

export interface CompareCommandOptions {
  readonly 'n-1': string;
  readonly n: string;
  readonly ne?: string;
  readonly cell?: string;
  readonly peg?: string;
  readonly by?: string;
  readonly algorithm?: string;
  readonly alpha?: string;
  readonly threshold?: string;
  readonly format: (typeof COMPARE_FORMATS)[number];
  readonly failOn?: (typeof FAIL_ON_LEVELS)[number];
}

const RENDERERS: Record<CompareCommandOptions['format'], (document: CompareDocument) => string> = {
  table: compareTable,
  json: compareJson,
  csv: compareCsv,
  markdown: compareMarkdown,
};

export const compare: Command<CompareCommandOptions> = async (context, options) => {
  const request = parseInput(compareRequest, {
    n_minus_1: options['n-1'],
    n: options.n,
    ne: options.ne,
    cellid: options.cell,
    pegs: options.peg,
    by: options.by,
    algorithm_version: options.algorithm,
    alpha: options.alpha === undefined ? undefined : Number(options.alpha),
    threshold: options.threshold === undefined ? undefined : Number(options.threshold),
    timezone: context.config.timeZone,
  });
  await using services = await open(openServices(context.config, { logger: context.logger }));
  const document = await services.compare.compare(request, {
    maxSeries: Number.POSITIVE_INFINITY,
    signal: context.signal,
  });
  if (options.format !== 'json') for (const { message } of document.warnings) context.note(`warning: ${message}`);
  await context.print(RENDERERS[options.format](document));
  const failed = options.failOn !== undefined && reaches(document, options.failOn);
  if (failed)
    context.note(
      `gate --fail-on ${options.failOn}: ${document.summary.verdict}; ${document.summary.reasons.join('; ')}`,
    );
  return failed ? EXIT_CODES.gateFailed : EXIT_CODES.ok;
};

/** Whether a gate must close. What could not be judged never passes one. */
function reaches(document: CompareDocument, level: NonNullable<CompareCommandOptions['failOn']>): boolean {
  const { verdict, declined } = document.summary;
  const emptyPeriod = document.warnings.some(({ code }) => code.startsWith('no_samples_in_'));
  if (verdict === 'NO_VERDICT' || emptyPeriod) return true;
  if (level === 'degraded') return declined > 0;
  return verdict === 'FAIL' || (level === 'marginal' && verdict === 'MARGINAL');
}
