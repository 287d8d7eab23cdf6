import { relative } from 'node:path';
import { composeServer } from '../../compose.ts';
import { loadDemo } from '../../features/demo/demo.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { open } from '../open.ts';
import { demoText } from '../output/demo-text.ts';

export interface ServeOptions {
  /** Comma-separated. */
  readonly role: string;
  readonly demo: boolean;
}

/** Roles that this version has. */
const ROLES = ['api'] as const;

export const serve: Command<ServeOptions> = async (context, options) => {
  checkRoles(options.role);
  const { config, logger, signal } = context;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  if (options.demo && config.database.kind === 'outside') {
    throw new PegboardError(
      'CONFIGURATION_ERROR',
      'the demo does not put generated data into a database of yours (DB_HOST is set)',
      {
        hint: 'Unset DB_HOST to run the demo; it then uses an embedded PostgreSQL in a folder of its own.',
      },
    );
  }
  await using server = await open(composeServer(config, { logger }));
  const demo = options.demo ? await loadDemo({ ...context, services: server.services }) : null;
  signal.throwIfAborted();
  const { address } = await server.listen();
  if (demo) {
    const place = { address, token: await demoToken(server), dataDir: shortPath(config.dataDir) };
    await context.print(demoText(demo, { ...place, terminalColumns: context.terminalColumns }));
  } else {
    await context.print(addressText(address, context));
  }
  await stopped;
  return EXIT_CODES.ok;
};

const DEMO_TOKEN_LIFETIME_S = 12 * 3600;

function demoToken({ tokens }: Pick<Awaited<ReturnType<typeof composeServer>>, 'tokens'>): Promise<string> {
  return tokens.createToken({ user: 'demo', role: 'analyst', expiresInS: DEMO_TOKEN_LIFETIME_S });
}

function addressText(address: string, { config }: CommandContext): string {
  const where = config.database.kind === 'embedded' ? ` --data-dir ${shortPath(config.dataDir)}` : '';
  return [
    `Pegboard is ready at ${address} (interface description at ${address}/docs)`,
    `A token for it: npx pegboard token create --user NAME --role viewer|analyst|admin${where}`,
    '',
  ].join('\n');
}

/** As a person in this folder would type it. */
function shortPath(path: string): string {
  const within = relative(process.cwd(), path);
  return within === '' || within.startsWith('..') ? path : within;
}

function checkRoles(text: string): void {
  const unknown = text
    .split(',')
    .map((role) => role.trim())
    .filter((role) => !ROLES.some((known) => known === role));
  if (unknown.length === 0) return;
  throw new PegboardError('DATA_VALIDATION_ERROR', `--role: this version has no role '${unknown.join(', ')}'`, {
    hint: `Known roles: ${ROLES.join(', ')}.`,
  });
}
