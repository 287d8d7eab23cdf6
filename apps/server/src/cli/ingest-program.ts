import type { Command as Program } from 'commander';
import type { CommonOptions } from './command.ts';
import type { IngestCommandOptions } from './commands/ingest.ts';
import type { QuarantineDiscardOptions, QuarantineListOptions, QuarantineRetryOptions } from './commands/quarantine.ts';
import {
  atOnce,
  formatOption,
  JSON_OPTION,
  type RunCommand,
  subcommand,
  withCommonOptions,
} from './program-options.ts';

export function addIngest(program: Program, run: RunCommand): void {
  const command = subcommand(program, 'ingest', 'Takes PM files into the store.')
    .argument('<path...>', 'files and folders')
    .option('--ne <name>', 'network element of files that do not say')
    .option('--cell <id>', 'cell of files that do not say')
    .option('--watch', 'keep taking what comes into the folders, until interrupted', false)
    .option('--interval <span>', 'with --watch: how often the folders are looked at (default 10s)')
    .option('--settle <span>', 'with --watch: a file is read once it has not changed for so long (default 5s)')
    .option(
      '--give-up <span>',
      'with --watch: what is not complete is refused when it has not changed for so long (default 15m)',
    )
    .option('--json', 'one JSON document on standard output; with --watch one a line', false)
    .addHelpText(
      'after',
      `
Files may be written in place, or under another name and renamed: hidden names and names that end in .part, .partial, .filepart,
.tmp, .temp, .download, .crdownload, .writing, .inprogress, .swp or ~ are left alone by --watch.`,
    );
  withCommonOptions(command).action((paths: string[], given: CommonOptions & Omit<IngestCommandOptions, 'paths'>) => {
    const load = async () => (await import('./commands/ingest.ts')).ingest;
    return run(load, { ...given, paths }, atOnce(given));
  });
}

const ENTRY_HELP = `
An entry is named by its id, by the beginning of its SHA-256 (4 digits or more), or by the name or path of its file.`;

export function addQuarantine(program: Program, run: RunCommand): void {
  const quarantine = program.command('quarantine').description('Files that were refused, until they are taken.');
  addList(quarantine, run);
  addRetry(quarantine, run);
  addDiscard(quarantine, run);
}

function addList(quarantine: Program, run: RunCommand): void {
  const command = subcommand(quarantine, 'list', 'Lists refused files, the newest first, and why each was refused.')
    .option('--limit <count>', 'the newest so many (default: 200 of a table, else all)')
    .addOption(formatOption(['table', 'json', 'csv']))
    .option(...JSON_OPTION);
  withCommonOptions(command).action((given: CommonOptions & QuarantineListOptions) =>
    run(async () => (await import('./commands/quarantine.ts')).quarantineList, given, atOnce(given)),
  );
}

function addRetry(quarantine: Program, run: RunCommand): void {
  const command = subcommand(quarantine, 'retry', 'Reads refused files again, with the options that they had.')
    .argument('[entry...]', 'entries')
    .option('--all', 'all entries', false)
    .option('--file <path>', 'a mended file, read in place of the one entry')
    .option('--ne <name>', 'network element of files that do not say, in place of the earlier one')
    .option('--cell <id>', 'cell of files that do not say, in place of the earlier one')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `${ENTRY_HELP}\nWhat is taken leaves the quarantine; what is refused again stays, with the new reason.`,
    );
  withCommonOptions(command).action(
    (entries: string[], given: CommonOptions & Omit<QuarantineRetryOptions, 'entries'>) =>
      run(async () => (await import('./commands/quarantine.ts')).quarantineRetry, { ...given, entries }, atOnce(given)),
  );
}

function addDiscard(quarantine: Program, run: RunCommand): void {
  const command = subcommand(quarantine, 'discard', 'Removes entries, with what was kept of uploads.')
    .argument('[entry...]', 'entries')
    .option('--all', 'all entries', false)
    .option(...JSON_OPTION)
    .addHelpText('after', `${ENTRY_HELP}\nFiles that lie somewhere are not touched.`);
  withCommonOptions(command).action(
    (entries: string[], given: CommonOptions & Omit<QuarantineDiscardOptions, 'entries'>) =>
      run(
        async () => (await import('./commands/quarantine.ts')).quarantineDiscard,
        { ...given, entries },
        atOnce(given),
      ),
  );
}
