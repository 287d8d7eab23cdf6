export { bufferAccess, type RandomAccess } from './archive/random-access.ts';
export { type ArchiveEntry, archiveEntries, isZipArchive } from './archive/zip-archive.ts';
export type {
  CounterLayout,
  FileHeader,
  ManagedElement,
  MeasurementBlock,
  MeasurementSink,
  ReadCounts,
  ReadLimits,
  ReadOptions,
  ReadRejection,
  ReadResult,
  ReadWarning,
} from './measurement.ts';
export { PmFileError } from './pm-file-error.ts';
export { DEFAULT_READ_LIMITS } from './read-limits.ts';
export { readPmBuffer, readPmFile } from './read-pm-file.ts';
export { isGzip, unpackBuffer, unpackedBytes } from './unpack.ts';
export { parseDecimal } from './values/parse-decimal.ts';
export { type DecimalMark, parseSeparated } from './values/separated-number.ts';
