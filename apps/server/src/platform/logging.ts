import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  '*.authorization',
  '*.cookie',
  '*.password',
  '*.secret',
  '*.token',
  '*.headers.authorization',
  '*.headers.cookie',
];

/** A structured logger: one JSON object a line, to standard error unless told otherwise. Secrets print as `***`. */
export function createLogger(options: { readonly level: LogLevel; readonly destination?: DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: withoutClient },
      redact: { paths: REDACTED, censor: '***' },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}

/** Errors of the PostgreSQL driver carry the whole connection that they happened on. */
function withoutClient(error: Error): object {
  const { client: _, ...rest } = pino.stdSerializers.err(error) as pino.SerializedError & { client?: unknown };
  return rest;
}
