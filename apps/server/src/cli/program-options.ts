import { Option, type Command as Program } from 'commander';
import type { ConfigOverrides } from '../config.ts';
import { type Command, type CommonOptions, overridesOf } from './command.ts';

/** Runs a command, whose module is loaded only then, and sets the exit code of the process. */
export type RunCommand = <Options>(
  load: () => Promise<Command<Options>>,
  options: Options,
  settings: { readonly isService: boolean; readonly overrides: ConfigOverrides },
) => Promise<void>;

export const JSON_OPTION = ['--json', 'one JSON document on standard output', false] as const;

/** A command below another, whose help is shown after an error. */
export function subcommand(parent: Program, name: string, description: string): Program {
  const path = [parent.name(), name].filter((part) => part !== 'pegboard').join(' ');
  return parent
    .command(name)
    .description(description)
    .showHelpAfterError(`(pegboard ${path} --help shows the options)`);
}

/** They come after a command's own. */
export function withCommonOptions(command: Program): Program {
  return command
    .option('--data-dir <folder>', 'folder of the embedded PostgreSQL and of the key of tokens (default .pegboard)')
    .option('--timezone <zone>', 'IANA name of the zone of times without one (default NETWORK_TIMEZONE, else UTC)')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent');
}

/** The first format is the default. */
export function formatOption(formats: readonly [string, ...string[]]): Option {
  return new Option('--format <format>', 'what is printed or written').choices(formats).default(formats[0]);
}

/** Of commands that have an end of their own. */
export function atOnce(given: CommonOptions): { isService: boolean; overrides: ConfigOverrides } {
  return { isService: false, overrides: overridesOf(given) };
}
