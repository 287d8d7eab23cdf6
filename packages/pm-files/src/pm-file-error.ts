import type { ReadRejection } from './measurement.ts';

/** Thrown inside the readers to refuse a file; the entry points turn it into a `rejected` result. */
export class PmFileError extends Error {
  readonly rejection: ReadRejection;

  constructor(rejection: ReadRejection) {
    super(rejection.message);
    this.name = 'PmFileError';
    this.rejection = rejection;
  }
}

/** Where in the unpacked file something is; both count from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/** A refusal with its place, where there is one. */
export function refuse(code: string, message: string, hint: string | null, at: FilePosition | null): PmFileError {
  return new PmFileError({ code, message, hint, line: at?.line ?? null, column: at?.column ?? null });
}
