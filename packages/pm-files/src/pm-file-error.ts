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

const MAX_MESSAGE_CHARACTERS = 500;

/** A message that may quote from a file, cut where it quotes a wall of text. */
export function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_CHARACTERS ? message : `${message.slice(0, MAX_MESSAGE_CHARACTERS)} …`;
}

/** A refusal with its place, where there is one. */
export function refuse(code: string, message: string, hint: string | null, at: FilePosition | null): PmFileError {
  const [line, column] = [at?.line ?? null, at?.column ?? null];
  return new PmFileError({ code, message: shortened(message), hint, line, column });
}
