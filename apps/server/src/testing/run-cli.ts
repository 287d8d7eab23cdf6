import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Database } from '../platform/postgres/database.ts';

const PEGBOARD = fileURLToPath(new URL('../../bin/pegboard.mjs', import.meta.url));

export interface CliOptions {
  /** On top of an environment that has nothing of Pegboard's or of a database's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Kills the process (SIGKILL). */
  readonly signal?: AbortSignal;
}

export interface CliResult {
  /** As a shell shows it: 128 + the number of the signal where one ended the process. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment in which commands use this database. */
export function databaseEnv({ connection }: Pick<Database, 'connection'>): Record<string, string> {
  const { host, port, user, password, database } = connection;
  return {
    DB_HOST: host,
    DB_PORT: `${port}`,
    DB_USER: user,
    DB_PASSWORD: password?.reveal() ?? '',
    DB_NAME: database,
  };
}

/** Runs the command line to its end, as a process of its own. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new CliProcess(args, options).ended();
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const POLL_MS = 20;

/** A command that is still running. */
export class CliProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown>;

  constructor(args: readonly string[], { env = {}, cwd, signal }: CliOptions = {}) {
    this.child = spawn(process.execPath, [PEGBOARD, ...args], {
      env: { ...baseEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.child.on('error', () => undefined);
    this.#closed = once(this.child, 'close');
  }

  async ended(): Promise<CliResult> {
    await this.#closed;
    const { exitCode, signalCode } = this.child;
    const code = exitCode ?? 128 + (SIGNAL_NUMBERS[signalCode ?? ''] ?? 0);
    return { exitCode: code, stdout: this.stdout, stderr: this.stderr };
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<CliResult> {
    this.child.kill(signal);
    return this.ended();
  }

  /** What the pattern finds in standard output, as soon as it is there. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.stdout);
      if (found) return found[0];
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the command ended without printing ${pattern}: ${this.stdout}${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

function baseEnvironment(): Record<string, string> {
  const foreign = /^(PEGBOARD_|DB_|PG|NETWORK_TIMEZONE$|LOG_LEVEL$|NODE_OPTIONS$|VITEST)/;
  const entries = Object.entries(process.env).filter(([key, value]) => value !== undefined && !foreign.test(key));
  return Object.fromEntries(entries) as Record<string, string>;
}
