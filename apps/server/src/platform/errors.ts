import type { ErrorCode } from '@pegboard/contracts';

/** One thing that is wrong, and where: a path into the request, a file and line, or a setting. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
  readonly suggestions?: readonly string[];
}

export interface PegboardErrorOptions {
  /** How to mend it, one sentence. */
  readonly hint?: string;
  readonly details?: readonly ErrorDetail[];
  readonly cause?: unknown;
}

/**
 * An error that a person or a program can act on. What a code means (HTTP status, log level, whether to retry) stands in
 * the registry `ERROR_CODES`; the command line maps codes to exit codes. Messages carry no secrets.
 */
export class PegboardError extends Error {
  override readonly name = 'PegboardError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, options: PegboardErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? [];
  }
}

/** Whether an unknown thrown value is a `PegboardError`, of the given code if one is given. */
export function isPegboardError(error: unknown, code?: ErrorCode): error is PegboardError {
  return error instanceof PegboardError && (code === undefined || error.code === code);
}

/** The `code` of an error of Node or of a driver (`ENOENT`, `28P01`, …). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
