import { CommanderError, Option, Command as Program } from 'commander';
import { type ConfigOverrides, loadConfig } from '../config.ts';
import { isPegboardError } from '../platform/errors.ts';
import { createLogger } from '../platform/logging.ts';
import { type Command, type CommandContext, type CommonOptions, overridesOf } from './command.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const stop = new AbortController();
let stoppedBy: (typeof STOP_SIGNALS)[number] | null = null;
for (const signal of STOP_SIGNALS) {
  process.on(signal, () => {
    // The second one does not wait for anything.
    if (stoppedBy !== null) process.exit(EXIT_CODES[signal]);
    stoppedBy = signal;
    stop.abort(new Error(`stopped by ${signal}`));
  });
}
// Whoever reads our output may stop reading: `pegboard query … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT_CODES.ok : EXIT_CODES.internal);
});

function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Commands that are services log from `info` on, the others from `warn` on, unless told otherwise. */
function contextOf(overrides: ConfigOverrides, isService: boolean): CommandContext {
  const config = loadConfig(undefined, isService ? overrides : { quietLogLevel: 'warn', ...overrides });
  return { config, logger: createLogger({ level: config.logLevel }), signal: stop.signal, print, note };
}

/** The action of a command: its module is loaded when it runs. */
function run<Options>(
  load: () => Promise<Command<Options>>,
  optionsOf: (given: never, argument: never) => Options,
  {
    isService = false,
    overrides = () => ({}),
  }: { isService?: boolean; overrides?: (given: never) => ConfigOverrides } = {},
) {
  return async (...parameters: unknown[]): Promise<void> => {
    const given = parameters.at(-2) as never;
    const argument = parameters[0] as never;
    const context = contextOf({ ...overridesOf(given as CommonOptions), ...overrides(given) }, isService);
    const command = await load();
    process.exitCode = await command(context, optionsOf(given, argument));
  };
}

const program = new Program('pegboard')
  .description('Compares the counters of a radio network between two periods: what got better, what got worse.')
  .showHelpAfterError('(pegboard --help shows the commands)')
  .showSuggestionAfterError()
  .exitOverride();

function subcommand(name: string, description: string, parent: Program = program): Program {
  return parent
    .command(name)
    .description(description)
    .option(
      '--data-dir <folder>',
      'folder of the embedded PostgreSQL (default .pegboard; not used where DB_HOST is set)',
    )
    .option('--timezone <zone>', 'IANA name of the zone of times without one (default NETWORK_TIMEZONE, else UTC)')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent')
    .exitOverride();
}

subcommand('serve', 'Runs the service.')
  .option('--role <roles>', 'roles of this process, comma-separated (default: all there are)', 'api')
  .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  .option('--port <port>', 'port to listen on, 0 for a free one (default 8000)')
  .option('--demo', 'loads a generated network with a known degradation and compares its weeks', false)
  .action(
    run(
      async () => (await import('./commands/serve.ts')).serve,
      (given: { role: string; demo: boolean }) => ({ role: given.role, demo: given.demo }),
      {
        isService: true,
        overrides: (given: { host?: string; port?: string; demo: boolean; dataDir?: string }) => ({
          ...(given.host === undefined ? {} : { host: given.host }),
          ...(given.port === undefined ? {} : { port: given.port }),
          ...(given.demo && given.dataDir === undefined ? { dataDir: '.pegboard-demo' } : {}),
        }),
      },
    ),
  );

subcommand('ingest', 'Takes PM files into the store.')
  .argument('<path...>', 'files and folders')
  .option('--ne <name>', 'network element of files that do not say')
  .option('--cell <id>', 'cell of files that do not say')
  .option('--json', 'one JSON document on standard output', false)
  .action(
    run(
      async () => (await import('./commands/ingest.ts')).ingest,
      (given: { ne?: string; cell?: string; json: boolean }, paths: string[]) => ({ ...given, paths }),
    ),
  );

subcommand('compare', 'Compares two periods: what got better, what got worse.')
  .requiredOption('--n-1 <period>', 'the period before: 2025-08-13_00:00~2025-08-13_23:59, A/B or a date')
  .requiredOption('--n <period>', 'the period after')
  .option('--ne <names>', 'network elements, comma-separated')
  .option('--cell <ids>', 'cell ids, or NE/cell, comma-separated')
  .option('--peg <globs>', 'PEGs, Family/Name or globs, comma-separated')
  .addOption(new Option('--by <level>', 'what a row stands for').choices(['cell', 'ne', 'network']))
  .option('--algorithm <version>', 'v2.1.0 (the default)')
  .option('--alpha <share>', 'false discovery rate (not used by v2.1.0)')
  .option('--threshold <percent>', 'smallest change that matters (not used by v2.1.0)')
  .addOption(new Option('--format <format>').choices(['table', 'json', 'csv', 'markdown']).default('table'))
  .addOption(
    new Option('--fail-on <level>', 'exit with 1 where the result is that bad').choices([
      'fail',
      'marginal',
      'degraded',
    ]),
  )
  .action(
    run(
      async () => (await import('./commands/compare.ts')).compare,
      (given: import('./commands/compare.ts').CompareCommandOptions & { n1: string }) => ({
        ...given,
        'n-1': given.n1,
      }),
    ),
  );

subcommand('query', 'Prints series.')
  .requiredOption('--kpi <names>', 'PEGs, comma-separated')
  .requiredOption('--from <time>', 'a date, or a time of ISO 8601')
  .requiredOption('--to <time>', 'a date (its whole day), or a time of ISO 8601')
  .option('--ne <names>', 'network elements, comma-separated')
  .option('--cell <ids>', 'cell ids, or NE/cell, comma-separated')
  .option('--interval <span>', 'aggregate over 60m, 1h, 1d …')
  .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
  .action(
    run(
      async () => (await import('./commands/query.ts')).query,
      (given: import('./commands/query.ts').QueryCommandOptions) => given,
    ),
  );

subcommand(
  'sql',
  'Runs SQL as a role that may only read the views pm_sample, peg, network_element, measured_object, ingest_file.',
)
  .argument('<statement>')
  .addOption(new Option('--format <format>').choices(['table', 'json', 'csv']).default('table'))
  .action(
    run(
      async () => (await import('./commands/sql.ts')).sql,
      (given: { format: 'table' | 'json' | 'csv' }, statement: string) => ({ ...given, statement }),
    ),
  );

subcommand('generate', 'Makes the PM files of a synthetic network.')
  .requiredOption('--out <folder>', 'where to write; an empty folder, or one of this generator')
  .option('--nes <count>', 'network elements', '6')
  .option('--cells <count>', 'cells a network element', '6')
  .option('--pegs <count>', 'PEGs a cell', '60')
  .option('--days <count>', 'days', '14')
  .option('--start <time>', 'begin (default: so that the data ends at the last midnight UTC)')
  .option('--granularity <span>', '5m, 15m, 1h …', '15m')
  .option('--seed <number>', 'the same seed gives the same bytes', '1')
  .addOption(new Option('--format <format>').choices(['32.435', 'csv']).default('32.435'))
  .option(
    '--change <spec>',
    'peg=<glob>,cells=<glob>,from=<time>,percent=-20 (or failures=+60, or load=+20); may be given several times',
    (value: string, earlier: string[]) => [...earlier, value],
    [],
  )
  .option('--force', 'replace what this generator made there with other options', false)
  .option('--json', 'one JSON document on standard output', false)
  .action(
    run(
      async () => (await import('./commands/generate.ts')).generate,
      (given: import('./commands/generate.ts').GenerateCommandOptions) => given,
    ),
  );

subcommand('migrate', 'Brings the schema of the database up to date; every command does so by itself.')
  .option('--json', 'one JSON document on standard output', false)
  .action(
    run(
      async () => (await import('./commands/migrate.ts')).migrate,
      (given: { json: boolean }) => given,
    ),
  );

const token = program.command('token').description('Tokens for the REST interface.').exitOverride();
subcommand('create', 'Prints a bearer token.', token)
  .requiredOption('--user <name>', 'who it is for')
  .requiredOption('--role <role>', 'viewer, analyst or admin')
  .option('--expires <span>', 'how long it is valid: 30m, 12h, 90d', '12h')
  .option('--json', 'one JSON document on standard output', false)
  .action(
    run(
      async () => (await import('./commands/token-create.ts')).tokenCreate,
      (given: import('./commands/token-create.ts').TokenCreateOptions) => given,
    ),
  );

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (stoppedBy !== null && stop.signal.aborted) {
    note(`interrupted by ${stoppedBy}: nothing is half-written`);
    return EXIT_CODES[stoppedBy];
  }
  if (isPegboardError(error)) {
    note(`error: ${error.message}`);
    if (error.hint !== null) note(`hint: ${error.hint}`);
    return exitCodeOf(error.code);
  }
  note(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT_CODES.internal;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
