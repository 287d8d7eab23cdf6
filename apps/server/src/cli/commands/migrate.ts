import { openConfiguredDatabase } from '../../compose.ts';
import { migrate as migrateDatabase } from '../../platform/postgres/migrate.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { open } from '../open.ts';

export const migrate: Command<{ readonly json: boolean }> = async (context, options) => {
  await using database = await open(openConfiguredDatabase(context.config, context.logger));
  const { applied } = await migrateDatabase(database, { logger: context.logger });
  const text = applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`;
  await context.print(options.json ? `${JSON.stringify({ applied })}\n` : `${text}\n`);
  return EXIT_CODES.ok;
};
