import type { BaseLogger } from 'pino';

/** What this folder needs of a logger: fields first, then the text. */
export type PostgresLogger = Pick<BaseLogger, 'debug' | 'info' | 'warn' | 'error'>;

const ignore = (): void => {};

/** For callers that want no log. */
export const SILENT_LOGGER: PostgresLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
