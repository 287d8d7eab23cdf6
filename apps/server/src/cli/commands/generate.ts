import { parseChange } from '../../features/generate/changes.ts';
import { GenerateError } from '../../features/generate/generate-error.ts';
import { networkSize } from '../../features/generate/generate-network.ts';
import { networkOptions, OUTPUT_FORMATS, type OutputFormat } from '../../features/generate/network-options.ts';
import { parseGranularity, parseInstant } from '../../features/generate/parse-values.ts';
import { writeNetwork } from '../../features/generate/write-network.ts';
import { systemClock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { createProgress } from '../output/progress.ts';

export { OUTPUT_FORMATS };

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
    const network = networkOptions(
      {
        nes: Number(options.nes),
        cells: Number(options.cells),
        pegs: Number(options.pegs),
        days: Number(options.days),
        granularityS: parseGranularity(options.granularity) ?? Number.NaN,
        seed: Number(options.seed),
        format: options.format,
        changes: options.change.map(parseChange),
        ...(options.start === undefined ? {} : { startMs: parseInstant(options.start) ?? Number.NaN }),
      },
      systemClock.nowMs,
    );
    const progress = createProgress('files', networkSize(network).files);
    const report = await writeNetwork(options.out, network, {
      force: options.force,
      signal: context.signal,
      onProgress: () => progress.step(),
    }).finally(() => progress.stop());
    const begin = new Date(network.startMs).toISOString();
    await context.print(
      options.json
        ? `${JSON.stringify({ ...report, start: begin, seed: network.seed }, null, 2)}\n`
        : `${report.files.toLocaleString('en')} files, ${Math.round(report.bytes / 1e6)} MB, ` +
            `generated data from ${begin} on, in ${report.dir} (see README.txt there)\n`,
    );
    return EXIT_CODES.ok;
  } catch (error) {
    throw translated(error, context.signal);
  }
};

function translated(error: unknown, signal: AbortSignal): unknown {
  if (!(error instanceof GenerateError)) return error;
  if (error.code === 'aborted') return signal.reason;
  return new PegboardError('DATA_VALIDATION_ERROR', error.message, {
    ...(error.hint === null ? {} : { hint: error.hint }),
    cause: error,
  });
}
