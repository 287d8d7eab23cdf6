import type { ErrorCode } from '@pegboard/contracts';

/** What a shell or a pipeline can tell apart. */
export const EXIT_CODES = {
  ok: 0,
  /** The verdict reached `--fail-on`. */
  gateFailed: 1,
  /** Wrong usage or input. */
  usage: 2,
  /** Done, but some input was quarantined. */
  quarantined: 3,
  storeUnavailable: 4,
  internal: 5,
  /** 128 + the number of the signal. */
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

const BY_ERROR_CODE: Partial<Record<ErrorCode, number>> = {
  DATA_VALIDATION_ERROR: EXIT_CODES.usage,
  ALGORITHM_VERSION_ERROR: EXIT_CODES.usage,
  UNKNOWN_NAME: EXIT_CODES.usage,
  UNPROCESSABLE: EXIT_CODES.usage,
  NOT_FOUND: EXIT_CODES.usage,
  CONFLICT: EXIT_CODES.usage,
  PAYLOAD_TOO_LARGE: EXIT_CODES.usage,
  CONFIGURATION_ERROR: EXIT_CODES.usage,
  DATA_DIRECTORY_ERROR: EXIT_CODES.usage,
  PROCESSING_TIMEOUT: EXIT_CODES.usage,
  STORE_UNAVAILABLE: EXIT_CODES.storeUnavailable,
  MIGRATION_ERROR: EXIT_CODES.storeUnavailable,
};

export function exitCodeOf(code: ErrorCode): number {
  return BY_ERROR_CODE[code] ?? EXIT_CODES.internal;
}
