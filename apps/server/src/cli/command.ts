import type { Config, ConfigOverrides } from '../config.ts';
import type { Logger } from '../platform/logging.ts';

/** What a command is given beside its own options. */
export interface CommandContext {
  readonly config: Config;
  readonly logger: Logger;
  /** Aborted by SIGINT, SIGTERM and SIGHUP, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Width of the terminal that standard output goes to; null where that is a file or a program. */
  readonly terminalColumns: number | null;
  /** Writes to standard output; resolves when more may be written. */
  readonly print: (text: string) => Promise<void>;
  /** A line for people on standard error. */
  readonly note: (text: string) => void;
}

/** Options that every command takes. */
export interface CommonOptions {
  readonly dataDir?: string;
  readonly timezone?: string;
  readonly logLevel?: string;
}

export function overridesOf({ dataDir, timezone, logLevel }: CommonOptions): ConfigOverrides {
  return {
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(timezone === undefined ? {} : { timeZone: timezone }),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}

/** Ends with the exit code of the process. */
export type Command<Options> = (context: CommandContext, options: Options) => Promise<number>;
