import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type OpenServices, openServices } from '../../compose.ts';
import type { QuarantineService, RetriedFile, RetryOptions } from '../../features/ingest/quarantine.service.ts';
import type { MendedFile } from '../../features/ingest/retry-inputs.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { numberOf } from '../input.ts';
import { open } from '../open.ts';
import { counted } from '../output/count.ts';
import { describeFile } from '../output/file-lines.ts';
import { printQuarantine } from '../output/quarantine-list.ts';
import { visibleLine } from '../output/visible-text.ts';

export interface QuarantineListOptions {
  readonly limit?: string;
  readonly format: 'table' | 'json' | 'csv';
  readonly json: boolean;
}

export interface QuarantineRetryOptions {
  readonly entries: readonly string[];
  readonly all: boolean;
  readonly file?: string;
  readonly ne?: string;
  readonly cell?: string;
  readonly timezone?: string;
  readonly json: boolean;
}

export interface QuarantineDiscardOptions {
  readonly entries: readonly string[];
  readonly all: boolean;
  readonly json: boolean;
}

const openOf = ({ config, logger }: CommandContext) => open(openServices(config, { logger }));

export const quarantineList: Command<QuarantineListOptions> = async (context, { limit, format, json }) => {
  const most = limit === undefined ? null : limitOf(limit);
  await using services = await openOf(context);
  await printQuarantine(services.quarantine, { format: json ? 'json' : format, limit: most }, context);
  return EXIT_CODES.ok;
};

function limitOf(text: string): number {
  const limit = numberOf('--limit', text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new PegboardError('DATA_VALIDATION_ERROR', `--limit: '${text}' is not a whole number from 1 on`);
}

export const quarantineRetry: Command<QuarantineRetryOptions> = async (context, options) => {
  checkSelection(options);
  const mended = options.file === undefined ? null : await mendedFile(options.file, options.entries);
  await using services = await openOf(context);
  const report = retryReport(context, options.json);
  const settings: RetryOptions = {
    defaults: {
      ...(options.ne !== undefined && { ne: options.ne }),
      ...(options.cell !== undefined && { cell: options.cell }),
      ...(options.timezone !== undefined && { timeZone: options.timezone }),
    },
    mayDescribePegs: true,
    onEntry: report.add,
    signal: context.signal,
  };
  await retry(services, options, { ...settings, ...(mended && { mended }) });
  await report.end();
  return report.exitCode();
};

async function retry({ quarantine }: OpenServices, { all, entries }: QuarantineRetryOptions, options: RetryOptions) {
  if (all) await quarantine.retryAll(options);
  else await quarantine.retry(await quarantine.idsOf(entries), options);
}

function checkSelection({ all, entries }: { readonly all: boolean; readonly entries: readonly string[] }): void {
  if (all !== entries.length > 0) return;
  const message = all ? '--all and single entries exclude one another' : 'no entry is named';
  throw new PegboardError('DATA_VALIDATION_ERROR', message, {
    hint: 'Name entries as pegboard quarantine list shows them, or give --all.',
  });
}

async function mendedFile(path: string, entries: readonly string[]): Promise<MendedFile> {
  if (entries.length !== 1) {
    throw new PegboardError('DATA_VALIDATION_ERROR', '--file takes the place of one entry: name just that one');
  }
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file' : error.message;
    throw new PegboardError('DATA_VALIDATION_ERROR', `--file: cannot read ${path}: ${why}`);
  });
  if (!found.isFile()) throw new PegboardError('DATA_VALIDATION_ERROR', `--file: ${path} is not a file`);
  return { path, name: basename(path), isUpload: false };
}

const OUTCOMES = [
  'taken',
  'duplicate',
  'refused',
  'skipped',
  'gone',
] as const satisfies readonly RetriedFile['outcome'][];

/** What was retried, printed as it comes: a line an entry, or one JSON document. */
function retryReport({ print, note }: CommandContext, isJson: boolean) {
  const totals = { taken: 0, duplicate: 0, refused: 0, skipped: 0, gone: 0 };
  let entries = 0;
  return {
    add: async (retried: RetriedFile) => {
      totals[retried.outcome]++;
      const start = entries++ === 0 ? '{"entries":[\n' : ',\n';
      await print(isJson ? `${start}${JSON.stringify(retried)}` : `${retriedLines(retried).join('\n')}\n`);
    },
    end: async () => {
      const counts = OUTCOMES.filter((outcome) => totals[outcome] > 0).map(
        (outcome) => `${totals[outcome]} ${outcome}`,
      );
      if (isJson)
        await print(`${entries === 0 ? '{"entries":[' : '\n'}],"totals":${JSON.stringify({ entries, ...totals })}}\n`);
      else if (entries === 0) note('the quarantine is empty');
      else
        await print(`${entries === 1 ? '1 entry' : `${entries.toLocaleString('en')} entries`}: ${counts.join(', ')}\n`);
    },
    exitCode: () => {
      if (totals.gone > 0) return EXIT_CODES.usage;
      return totals.refused + totals.skipped > 0 ? EXIT_CODES.quarantined : EXIT_CODES.ok;
    },
  };
}

function retriedLines({ id, name, outcome, reason, files }: RetriedFile): string[] {
  const head = `${outcome.padEnd(9)}  ${id}  ${name}: `;
  if (files.length === 0) return [visibleLine(`${head}${reason ?? 'there was nothing in it'}; the entry stays`)];
  if (files.length === 1) return [visibleLine(`${head}${describeFile(files[0])}`)];
  const others = files.map((file) =>
    visibleLine(`             ${file.status.padEnd(11)}  ${file.name}: ${describeFile(file)}`),
  );
  return [visibleLine(`${head}${counted(files.length, 'file')}`), ...others];
}

export const quarantineDiscard: Command<QuarantineDiscardOptions> = async (context, { all, entries, json }) => {
  checkSelection({ all, entries });
  await using services = await openOf(context);
  const { quarantine } = services;
  const discarded = all ? await quarantine.discardAll(context.signal) : await discardThose(quarantine, entries);
  const text = discarded === 1 ? '1 entry' : `${discarded.toLocaleString('en')} entries`;
  await context.print(json ? `${JSON.stringify({ discarded })}\n` : `${text} discarded\n`);
  return EXIT_CODES.ok;
};

async function discardThose(quarantine: QuarantineService, entries: readonly string[]): Promise<number> {
  const ids = await quarantine.idsOf(entries);
  await quarantine.discard(ids);
  return ids.length;
}
