import type { IngestFileReport, IngestResponse } from '@pegboard/contracts';
import type { ReadRejection, ReadResult } from '@pegboard/pm-files';
import type { IngestFileRecord } from '../../stores/kpi/kpi-store.ts';

type OkResult = Extract<ReadResult, { status: 'ok' }>;

const NOTHING: Omit<IngestFileReport, 'name' | 'sha256' | 'status'> = {
  format: null,
  values: 0,
  numbers: 0,
  missing: 0,
  not_numbers: 0,
  objects: 0,
  blocks: 0,
  period: null,
  reason: null,
  error: null,
  warnings: [],
};

/** Numbers once vectors are split, the missing ones included. */
function numbersOf({ numbers, missing, notNumbers }: OkResult['counts']): number {
  return numbers + missing + notNumbers;
}

export function okReport(name: string, sha256: string, result: OkResult): IngestFileReport {
  const { counts, period } = result;
  return {
    ...NOTHING,
    name,
    sha256,
    status: 'ok',
    format: result.format,
    values: counts.values,
    numbers: numbersOf(counts),
    missing: counts.missing,
    not_numbers: counts.notNumbers,
    objects: counts.objects,
    blocks: counts.blocks,
    period: period && { start: instant(period.beginMs), end: instant(period.endMs) },
    warnings: [...result.warnings],
  };
}

/** A catalogue has no samples; `changed` PEGs were described anew. */
export function catalogueReport(name: string, sha256: string, format: string, changed: number): IngestFileReport {
  const status = changed === 0 ? 'duplicate' : 'ok';
  const reason = changed === 0 ? 'describes nothing that is not known' : `described ${changed} PEGs`;
  return { ...NOTHING, name, sha256, status, format, reason };
}

export function duplicateReport(name: string, sha256: string, reason: string): IngestFileReport {
  return { ...NOTHING, name, sha256, status: 'duplicate', reason };
}

export function skippedReport(name: string, sha256: string | null, reason: string): IngestFileReport {
  return { ...NOTHING, name, sha256, status: 'skipped', reason };
}

export function quarantinedReport(
  name: string,
  sha256: string | null,
  format: string | null,
  rejection: ReadRejection,
): IngestFileReport {
  return { ...NOTHING, name, sha256, status: 'quarantined', format, error: rejection };
}

/** Row of the ingest log for a file that was taken; `settles`: origins whose entries leave the quarantine. */
export function okRecord(name: string, sha256: string, result: OkResult, settles: readonly string[]): IngestFileRecord {
  return {
    sha256,
    name,
    format: result.format,
    sender: result.header.sender,
    swVersion: result.header.swVersion,
    periodBeginMs: result.period?.beginMs ?? null,
    periodEndMs: result.period?.endMs ?? null,
    values: result.counts.values,
    numbers: numbersOf(result.counts),
    warnings: result.warnings,
    settles,
  };
}

/** Sums over the files; blocks and time are known only for the whole. */
export function ingestResponse(
  files: IngestFileReport[],
  blocks: { readonly inserted: number; readonly merged: number },
  elapsedMs: number,
): IngestResponse {
  const having = (status: IngestFileReport['status']) => files.filter((file) => file.status === status);
  const taken = having('ok');
  const sum = (key: 'values' | 'numbers' | 'missing' | 'not_numbers') =>
    taken.reduce((total, file) => total + file[key], 0);
  const values = sum('values');
  return {
    success: true,
    files,
    totals: {
      files: files.length,
      ok: taken.length,
      duplicate: having('duplicate').length,
      skipped: having('skipped').length,
      quarantined: having('quarantined').length,
      values,
      numbers: sum('numbers'),
      missing: sum('missing'),
      not_numbers: sum('not_numbers'),
      inserted_blocks: blocks.inserted,
      merged_blocks: blocks.merged,
    },
    elapsed_ms: elapsedMs,
    values_per_s: values === 0 || elapsedMs === 0 ? null : (values * 1000) / elapsedMs,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
