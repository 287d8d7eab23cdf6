import { readFileSync } from 'node:fs';
import { Option, Command as Program } from 'commander';
import { type CommonOptions, overridesOf } from './command.ts';
import type { CompareCommandOptions } from './commands/compare.ts';
import type { GenerateCommandOptions } from './commands/generate.ts';
import type { ImportCommandOptions } from './commands/import.ts';
import type { QueryCommandOptions } from './commands/query.ts';
import type { SqlCommandOptions } from './commands/sql.ts';
import type { TokenCreateOptions } from './commands/token-create.ts';
import { addIngest, addQuarantine } from './ingest-program.ts';
import {
  atOnce,
  formatOption,
  JSON_OPTION,
  type RunCommand,
  subcommand,
  withCommonOptions,
} from './program-options.ts';

interface ServiceOptions {
  readonly host?: string;
  readonly port?: string;
  readonly role: string;
  readonly demo: boolean;
}

const KPI_OPTION = [
  '--kpi <names>',
  "KPIs, comma-separated: ids such as L01 or names, or one 'name=formula'; may be given several times",
  (value: string, earlier: readonly string[] | undefined): readonly string[] => [...(earlier ?? []), value],
] as const;
const PERIOD_HELP = `
A period is a date, a range whose last minute is included, or an ISO 8601 interval whose end is not:
  2025-08-13    2025-08-13_00:00~2025-08-13_23:59    2025-08-13T00:00Z/2025-08-14T00:00Z
Times without a zone are in --timezone.`;

/** The commands and their options, as CLI and help show them. */
export function createProgram(run: RunCommand): Program {
  const program = new Program('pegboard')
    .description('Compares the counters of a radio network between two periods: what got better, what got worse.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('(pegboard --help shows the commands)')
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
Data is kept in an embedded PostgreSQL in the data folder, or in yours: DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME.
Exit codes: 0 fine, 1 --fail-on reached, 2 wrong usage or input, 3 some files quarantined, 4 no database, 5 internal
error, 130/143 interrupted.`,
    );
  addServe(program, run);
  addIngest(program, run);
  addQuarantine(program, run);
  addImport(program, run);
  addCompare(program, run);
  addQuery(program, run);
  addSql(program, run);
  addKpi(program, run);
  addGenerate(program, run);
  addMigrate(program, run);
  addToken(program, run);
  return program;
}

function addServe(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'serve', 'Runs the service.')
    .option('--role <roles>', 'roles of this process, comma-separated (default: all there are)', 'api')
    .option('--host <address>', 'address to listen on (default 127.0.0.1)')
    .option('--port <port>', 'port to listen on, 0 for a free one (default 8000)')
    .option('--demo', 'load a generated network with a known degradation and compare its weeks', false);
  withCommonOptions(command).action((given: CommonOptions & ServiceOptions) => {
    const { role, demo, host, port } = given;
    const overrides = {
      ...(demo ? { dataDir: '.pegboard-demo' } : {}),
      ...overridesOf(given),
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    };
    const load = async () => (await import('./commands/serve.ts')).serve;
    return run(load, { role, demo }, { isService: true, overrides });
  });
}

function addImport(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'import', 'Takes samples from an existing raw-KPI database (PostgreSQL).')
    .requiredOption('--from <source>', 'postgres://user@host:port/database, or the name of a configured source')
    .requiredOption('--table <name>', 'table or view, with its schema where needed')
    .addOption(
      new Option('--layout <layout>', 'narrow: a row a sample; jsonb: a row a time and family')
        .choices(['auto', 'narrow', 'jsonb'])
        .default('auto'),
    )
    .option(
      '--column <role=name>',
      'column of a role (time, ne, cell, family, peg, value, values, version, dimension); may be given several times',
      (value: string, earlier: string[]) => [...earlier, value],
      [],
    )
    .option('--cell-dimension <names>', 'dimensions of the layout jsonb that are the cell, comma-separated')
    .option('--since <time>', 'only periods from this time on: 2025-08-13, 2025-08-13_10:00, or ISO 8601')
    .option(
      '--until <time>',
      'only periods up to this time: a day or minute is covered, a moment of ISO 8601 is the end',
    )
    .option('--source-timezone <zone>', 'zone of times without one (default: --timezone)')
    .addOption(
      new Option('--timestamp <which>', 'what the time of a row is: the begin or the end of its period')
        .choices(['begin', 'end'])
        .default('begin'),
    )
    .option(
      '--granularity <span>',
      'length of the periods: 15m, 1h …, or family=1d for one family; may be given several times (default: inferred from the times)',
      (value: string, earlier: string[]) => [...earlier, value],
      [],
    )
    .addOption(
      new Option('--decimal-mark <mark>', 'what separates the fraction in values that are texts (auto: as each shows)')
        .choices(['auto', 'point', 'comma'])
        .default('auto'),
    )
    .option('--overlap <span>', 'time before the newest row that is read again, for rows that come late', '2h')
    .option('--follow', 'keep reading new rows until interrupted', false)
    .option('--poll <span>', 'how often to look for new rows', '60s')
    .option('--restart', 'read all again, whatever was read before', false)
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
The password is never given here: it comes from PGPASSWORD, a passfile (~/.pgpass or PGPASSFILE), or a named source in the
file of PEGBOARD_SOURCES_FILE. A run that was interrupted continues where it was when the same command is given again.`,
    );
  withCommonOptions(command).action((given: CommonOptions & ImportCommandOptions) =>
    run(async () => (await import('./commands/import.ts')).importSamples, given, atOnce(given)),
  );
}

function addCompare(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'compare', 'Compares two periods: what got better, what got worse.')
    .requiredOption('--n-1 <period>', 'the period before')
    .requiredOption('--n <period>', 'the period after')
    .option('--ne <names>', 'network elements, comma-separated (default: all)')
    .option('--cell <ids>', 'cell ids, or NE/cell, comma-separated (default: all)')
    .option(
      '--peg <globs>',
      "PEGs, Family/PEG or globs such as 'RRC.*', comma-separated (default: all; none with --kpi)",
    )
    .option(...KPI_OPTION, [])
    .addOption(new Option('--by <level>', 'what a row stands for (default: cell)').choices(['cell', 'ne', 'network']))
    .option('--algorithm <version>', 'v2.1.0 (the default)')
    .option('--alpha <share>', 'false discovery rate (not used by v2.1.0)')
    .option('--threshold <percent>', 'smallest change that matters (not used by v2.1.0)')
    .addOption(formatOption(['table', 'json', 'csv', 'markdown']))
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 where the result is that bad, or says nothing').choices([
        'fail',
        'marginal',
        'degraded',
      ]),
    )
    .addHelpText('after', PERIOD_HELP);
  withCommonOptions(command).action((given: CommonOptions & CompareCommandOptions) =>
    run(async () => (await import('./commands/compare.ts')).compare, given, atOnce(given)),
  );
}

function addQuery(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'query', 'Prints series.')
    .requiredOption('--kpi <names>', `PEGs or ${KPI_OPTION[1]}`, KPI_OPTION[2])
    .requiredOption('--from <time>', 'a date, or a time of ISO 8601')
    .requiredOption('--to <time>', 'a date (its whole day), or a time of ISO 8601 (not included)')
    .option('--ne <names>', 'network elements, comma-separated (default: all)')
    .option('--cell <ids>', 'cell ids, or NE/cell, comma-separated (default: all)')
    .addOption(new Option('--by <level>', 'what a series is about (default: cell)').choices(['cell', 'ne', 'network']))
    .option('--interval <span>', 'aggregate over 60m, 1h, 1d …')
    .addOption(formatOption(['table', 'json', 'csv']));
  withCommonOptions(command).action((given: CommonOptions & QueryCommandOptions) =>
    run(async () => (await import('./commands/query.ts')).query, given, atOnce(given)),
  );
}

function addKpi(program: Program, run: RunCommand): void {
  const kpi = program.command('kpi').description('KPIs: what they mean, and which can be computed.');
  const coverage = subcommand(
    kpi,
    'coverage',
    'Says which KPIs the counters at hand give, and which counter is missing.',
  ).option(...JSON_OPTION);
  withCommonOptions(coverage).action((given: CommonOptions & { json: boolean }) =>
    run(async () => (await import('./commands/kpi.ts')).kpiCoverage, given, atOnce(given)),
  );
  const list = subcommand(kpi, 'list', 'Lists the KPIs of the catalogue and of administrators.').option(...JSON_OPTION);
  withCommonOptions(list).action((given: CommonOptions & { json: boolean }) =>
    run(async () => (await import('./commands/kpi.ts')).kpiList, given, atOnce(given)),
  );
}

function addSql(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'sql', 'Runs SQL as a role that may only read public views.')
    .argument('<statement>', 'one statement, in quotes')
    .addOption(formatOption(['table', 'json', 'csv']))
    .addHelpText('after', '\nViews: pm_sample, peg, network_element, measured_object, ingest_file. Times are in UTC.');
  withCommonOptions(command).action((statement: string, given: CommonOptions & Omit<SqlCommandOptions, 'statement'>) =>
    run(async () => (await import('./commands/sql.ts')).sql, { ...given, statement }, atOnce(given)),
  );
}

function addGenerate(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'generate', 'Makes the PM files of a synthetic network.')
    .requiredOption('--out <folder>', 'where to write; an empty folder, or one of this generator')
    .option('--nes <count>', 'network elements', '6')
    .option('--cells <count>', 'cells a network element', '6')
    .option('--pegs <count>', 'PEGs a cell', '60')
    .option('--days <count>', 'days', '14')
    .option('--start <time>', 'begin (default: so that the data ends at the last midnight UTC)')
    .option('--granularity <span>', '5m, 15m, 1h …', '15m')
    .option('--seed <number>', 'the same seed gives the same bytes', '1')
    .addOption(formatOption(['32.435', 'csv']))
    .option(
      '--change <spec>',
      'peg=<glob>,cells=<glob>,from=<time>,percent=-20 (or failures=+60, or load=+20); may be given several times',
      (value: string, earlier: string[]) => [...earlier, value],
      [],
    )
    .option('--force', 'replace what this generator made there with other options', false)
    .option(...JSON_OPTION);
  withCommonOptions(command).action((given: CommonOptions & GenerateCommandOptions) =>
    run(async () => (await import('./commands/generate.ts')).generate, given, atOnce(given)),
  );
}

function addMigrate(program: Program, run: RunCommand): void {
  const command = subcommand(
    program,
    'migrate',
    'Brings the schema of the database up to date; every command does so by itself.',
  ).option(...JSON_OPTION);
  withCommonOptions(command).action((given: CommonOptions & { json: boolean }) =>
    run(async () => (await import('./commands/migrate.ts')).migrate, given, atOnce(given)),
  );
}

function addToken(program: Program, run: RunCommand): void {
  const token = program.command('token').description('Tokens for the REST interface.');
  const command = subcommand(token, 'create', 'Prints a bearer token.')
    .requiredOption('--user <name>', 'who it is for')
    .requiredOption('--role <role>', 'viewer, analyst or admin')
    .option('--expires <span>', 'how long it is valid: 30m, 12h, 90d', '12h')
    .option(...JSON_OPTION);
  withCommonOptions(command).action((given: CommonOptions & TokenCreateOptions) =>
    run(async () => (await import('./commands/token-create.ts')).tokenCreate, given, atOnce(given)),
  );
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
