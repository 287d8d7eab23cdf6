import type { MeasurementBlock, ReadOptions, ReadResult } from '../measurement.ts';
import { readPmBuffer, readPmFile } from '../read-pm-file.ts';

/** A block as plain data, for comparison. */
interface ReadBlock {
  readonly ne: string;
  readonly ldn: string;
  readonly begin: string;
  readonly granularityS: number;
  readonly suspect: boolean;
  readonly family: string | null;
  /** Missing values are left out. */
  readonly values: Readonly<Record<string, number>>;
}

export const NOW_MS = Date.UTC(2026, 10, 22);

function plain(block: MeasurementBlock): ReadBlock {
  if (!Number.isInteger(block.beginMs)) throw new Error(`begins between milliseconds: ${block.beginMs}`);
  const numbers: [string, number][] = [];
  for (const [i, name] of block.layout.names.entries())
    if (!Number.isNaN(block.values[i])) numbers.push([name, block.values[i]]);
  return {
    ne: block.managedElement.name,
    ldn: block.ldn,
    begin: new Date(block.beginMs).toISOString(),
    granularityS: block.granularityS,
    suspect: block.suspect,
    family: block.layout.family,
    // Also a counter called `__proto__` becomes an entry.
    values: Object.fromEntries(numbers),
  };
}

/** What came of reading: the result, the blocks, and the counter names of each block's layout. */
export interface ReadOutcome {
  readonly result: ReadResult;
  readonly blocks: readonly ReadBlock[];
  readonly layouts: readonly (readonly string[])[];
}

/** Reads a whole text or file in memory. */
export function readText(content: string | Uint8Array, options: Partial<ReadOptions> = {}): ReadOutcome {
  const blocks: ReadBlock[] = [];
  const layouts: (readonly string[])[] = [];
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const sink = (block: MeasurementBlock) => {
    blocks.push(plain(block));
    layouts.push(block.layout.names);
  };
  const result = readPmBuffer(bytes, sink, { nowMs: NOW_MS, ...options });
  return { result, blocks, layouts };
}

/** Reads the same bytes in chunks of the given sizes (the last one repeats). */
export async function readChunks(
  content: Uint8Array,
  sizes: readonly number[],
  options: Partial<ReadOptions> = {},
): Promise<ReadOutcome> {
  const blocks: ReadBlock[] = [];
  const layouts: (readonly string[])[] = [];
  async function* source(): AsyncGenerator<Uint8Array> {
    let i = 0;
    for (let at = 0; at < content.length; i += 1) {
      const size = sizes[Math.min(i, sizes.length - 1)];
      yield new Uint8Array(content.subarray(at, at + size));
      at += size;
    }
  }
  const sink = (block: MeasurementBlock) => {
    blocks.push(plain(block));
    layouts.push(block.layout.names);
  };
  const result = await readPmFile(source(), sink, { nowMs: NOW_MS, ...options });
  return { result, blocks, layouts };
}

/** Parts of a 32.435 file that a test wants different. */
export interface FileParts {
  readonly prolog?: string;
  readonly root?: string;
  readonly sender?: string;
  readonly managedElement?: string;
  readonly granPeriod?: string;
  readonly types?: string;
  readonly values?: string;
  readonly measInfos?: string;
  readonly footer?: string;
}

const NAMESPACE = 'http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec';

/** A small, right TS 32.435 file, with some parts replaced. */
export function file32435(parts: FileParts = {}): string {
  const info =
    parts.measInfos ??
    `<measInfo measInfoId="g1"><job jobId="1"/>
    ${parts.granPeriod ?? '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/><repPeriod duration="PT900S"/>'}
    ${parts.types ?? '<measType p="1">a.Att</measType><measType p="2">a.Succ</measType>'}
    ${parts.values ?? '<measValue measObjLdn="Cell=1"><r p="1">10</r><r p="2">9</r></measValue>'}
    </measInfo>`;
  const root = parts.root ?? `measCollecFile xmlns="${NAMESPACE}"`;
  return `${parts.prolog ?? '<?xml version="1.0" encoding="UTF-8"?>\n'}<${root}>
  <fileHeader fileFormatVersion="32.435 V10.0" vendorName="Acme">${parts.sender ?? '<fileSender localDn="SubNetwork=1"/>'}<measCollec beginTime="2026-11-20T00:00:00Z"/></fileHeader>
  <measData>${parts.managedElement ?? '<managedElement localDn="ManagedElement=gnb1" userLabel="gNB 1" swVersion="R1"/>'}
  ${info}
  </measData>
  ${parts.footer ?? '<fileFooter><measCollec endTime="2026-11-20T00:15:00Z"/></fileFooter>'}
</${root.split(' ')[0]}>`;
}

/** The warning codes of a good result. */
export function warningCodes(result: ReadResult): string[] {
  if (result.status !== 'ok') throw new Error(`not ok: ${JSON.stringify(result)}`);
  return result.warnings.map(({ code }) => code);
}

/** The refusal of a rejected result. */
export function rejectionOf(result: ReadResult) {
  if (result.status !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(result)}`);
  return result.rejection;
}
