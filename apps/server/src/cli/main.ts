import { CommanderError } from 'commander';
import { loadConfig } from '../config.ts';
import { isPegboardError } from '../platform/errors.ts';
import { createLogger } from '../platform/logging.ts';
import type { CommandContext } from './command.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
import { watchForInterruption } from './interruption.ts';
import { visibleText } from './output/visible-text.ts';
import { createProgram } from './program.ts';
import type { RunCommand } from './program-options.ts';

const interruption = watchForInterruption();

function print(text: string): Promise<void> {
  // Files and programs get the bytes as they are.
  const shown = process.stdout.isTTY ? visibleText(text) : text;
  return new Promise((resolve) => {
    process.stdout.write(shown, () => resolve());
  });
}

function note(text: string): void {
  process.stderr.write(`${visibleText(text)}\n`);
}

/** Services log from `info` on, the other commands from `warn` on, unless told otherwise. */
const runCommand: RunCommand = async (load, options, { isService, overrides }) => {
  const config = loadConfig(undefined, isService ? overrides : { quietLogLevel: 'warn', ...overrides });
  const logger = createLogger({ level: config.logLevel });
  const terminalColumns = process.stdout.isTTY ? process.stdout.columns : null;
  const context: CommandContext = { config, logger, signal: interruption.signal, terminalColumns, print, note };
  const command = await load();
  const exitCode = await command(context, options);
  const { cause } = interruption;
  // A service has no end of its own: it was told to stop.
  process.exitCode = isService && cause !== null && cause !== 'output_closed' ? EXIT_CODES[cause] : exitCode;
};

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  const { cause } = interruption;
  if (cause === 'output_closed') return EXIT_CODES.ok;
  if (cause !== null) {
    note(`interrupted by ${cause}: nothing is half-written`);
    return EXIT_CODES[cause];
  }
  if (isPegboardError(error)) {
    note(`error: ${error.message}`);
    if (error.hint !== null) note(`hint: ${error.hint}`);
    return exitCodeOf(error.code);
  }
  note(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT_CODES.internal;
}

for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    report(error);
    process.exit(EXIT_CODES.internal);
  });
}

try {
  await createProgram(runCommand).parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
