import { parseChange } from '../../features/generate/changes.ts';
import { GenerateError } from '../../features/generate/generate-error.ts';
import { networkSize } from '../../features/generate/generate-network.ts';
import { type NetworkOptions, networkOptions, type OutputFormat } from '../../features/generate/network-options.ts';
import { parseInstant } from '../../features/generate/parse-values.ts';
import { type WriteReport, writeNetwork } from '../../features/generate/write-network.ts';
import { systemClock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { numberOf, secondsOf } from '../input.ts';
import { byteText, counted } from '../output/count.ts';
import { createProgress } from '../output/progress.ts';

export interface GenerateCommandOptions {
  readonly out: string;
  readonly nes: string;
  readonly cells: string;
  readonly pegs: string;
  readonly days: string;
  readonly start?: string;
  readonly granularity: string;
  readonly seed: string;
  readonly format: OutputFormat;
  readonly change: readonly string[];
  readonly force: boolean;
  readonly json: boolean;
}

export const generate: Command<GenerateCommandOptions> = async (context, options) => {
  try {
    const network = readOptions(options);
    const progress = createProgress('files', networkSize(network).files);
    const report = await writeNetwork(options.out, network, {
      force: options.force,
      signal: context.signal,
      onProgress: () => progress.step(),
    }).finally(() => progress.stop());
    const start = new Date(network.startMs).toISOString();
    const document = { ...report, start, seed: network.seed };
    await context.print(options.json ? `${JSON.stringify(document, null, 2)}\n` : reportText(report, network));
    return EXIT_CODES.ok;
  } catch (error) {
    throw translated(error, context.signal);
  }
};

function readOptions(options: GenerateCommandOptions): NetworkOptions {
  return networkOptions(
    {
      nes: numberOf('--nes', options.nes),
      cells: numberOf('--cells', options.cells),
      pegs: numberOf('--pegs', options.pegs),
      days: numberOf('--days', options.days),
      granularityS: secondsOf('--granularity', options.granularity, 's'),
      seed: numberOf('--seed', options.seed),
      format: options.format,
      changes: options.change.map(parseChange),
      ...(options.start === undefined ? {} : { startMs: startOf(options.start) }),
    },
    systemClock.nowMs,
  );
}

function startOf(text: string): number {
  const startMs = parseInstant(text);
  if (startMs !== null) return startMs;
  throw new PegboardError('DATA_VALIDATION_ERROR', `--start: '${text}' is no time`, {
    hint: 'Write a date such as 2025-08-01, or a time such as 2025-08-01T00:00:00Z.',
  });
}

const DAY_MS = 86_400_000;

function reportText(report: WriteReport, { startMs, days }: NetworkOptions): string {
  const samples = report.values + report.nodeValues;
  return [
    `${counted(report.files, 'file')} (${byteText(report.bytes)}) in ${report.dir}, whose README.txt says what is in them`,
    `generated: ${counted(report.cells, 'cell')}, ${counted(samples, 'value')}, ` +
      `${utcText(startMs)} to ${utcText(startMs + days * DAY_MS)}`,
    `next: pegboard ingest ${report.dir}`,
    '',
  ].join('\n');
}

const NAMED_OPTION = /^(nes|cells|pegs|days|granularity|start|seed|format)\b/;

function translated(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof GenerateError)) return error;
  if (error.code === 'aborted') return signal.reason;
  const message = error.code === 'bad_option' ? error.message.replace(NAMED_OPTION, '--$1') : error.message;
  const hint = error.hint?.replace('use force', 'use --force');
  return new PegboardError('DATA_VALIDATION_ERROR', message, { ...(hint ? { hint } : {}), cause: error });
}
