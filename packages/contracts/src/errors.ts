/** How loudly an error is logged: `error` means that someone must act now. */
export type ErrorLogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ErrorDefinition {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  readonly logLevel: ErrorLogLevel;
  /** Short English text that is the same for every occurrence (`title` of RFC 9457). */
  readonly title: string;
}

/** Every error that crosses a wire: code → how it is answered and logged. */
export const ERROR_CODES = {
  DATA_VALIDATION_ERROR: { status: 400, retryable: false, logLevel: 'info', title: 'The request is not valid' },
  ALGORITHM_VERSION_ERROR: { status: 400, retryable: false, logLevel: 'info', title: 'Unknown algorithm version' },
  UNAUTHENTICATED: { status: 401, retryable: false, logLevel: 'info', title: 'Authentication is required' },
  PERMISSION_DENIED: { status: 403, retryable: false, logLevel: 'info', title: 'Permission denied' },
  NOT_FOUND: { status: 404, retryable: false, logLevel: 'debug', title: 'Not found' },
  ANALYSIS_DATA_NOT_FOUND: { status: 404, retryable: false, logLevel: 'info', title: 'Analysis data not found' },
  ASYNC_TASK_NOT_FOUND: { status: 404, retryable: false, logLevel: 'info', title: 'Task not found' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, logLevel: 'debug', title: 'Method not allowed' },
  CONFLICT: { status: 409, retryable: false, logLevel: 'info', title: 'Conflict with what is stored' },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false, logLevel: 'info', title: 'The request is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, logLevel: 'info', title: 'Unsupported media type' },
  UNKNOWN_NAME: { status: 422, retryable: false, logLevel: 'info', title: 'Unknown PEG, cell or network element' },
  UNPROCESSABLE: { status: 422, retryable: false, logLevel: 'info', title: 'The request cannot be fulfilled' },
  RATE_LIMIT_EXCEEDED: { status: 429, retryable: true, logLevel: 'info', title: 'Too many requests' },
  CONFIGURATION_ERROR: { status: 500, retryable: false, logLevel: 'error', title: 'A setting is wrong' },
  DATA_DIRECTORY_ERROR: { status: 500, retryable: false, logLevel: 'error', title: 'The data folder cannot be used' },
  MIGRATION_ERROR: { status: 500, retryable: false, logLevel: 'error', title: 'The database schema does not fit' },
  INTERNAL_ERROR: { status: 500, retryable: false, logLevel: 'error', title: 'Internal error' },
  SERVICE_OVERLOADED: { status: 503, retryable: true, logLevel: 'warn', title: 'The service is overloaded' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, logLevel: 'error', title: 'A store is unreachable' },
  MCP_CONNECTION_FAILED: { status: 503, retryable: true, logLevel: 'warn', title: 'The analyzer is unreachable' },
  MCP_TIMEOUT_ERROR: { status: 504, retryable: true, logLevel: 'warn', title: 'The analyzer took too long' },
  PROCESSING_TIMEOUT: { status: 504, retryable: true, logLevel: 'warn', title: 'Processing took too long' },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is one of the codes above. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
