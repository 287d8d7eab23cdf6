import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { suggest } from '@pegboard/names';
import { PegboardError } from '../../platform/errors.ts';
import type { ConnectionSettings } from '../../platform/postgres/connection.ts';
import type { Secret } from '../../platform/secret.ts';
import { passwordFromPassfile, readSources } from './source-files.ts';

/** What the operator has set about sources. */
export interface SourceSettings {
  /** File of named sources; null: there are none. */
  readonly sourcesFile: string | null;
  readonly password: Secret | null;
  /** Null: `~/.pgpass`. */
  readonly passFile: string | null;
  /** User of URLs that name none; null: the account of this process. */
  readonly user: string | null;
}

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const DEFAULT_PORT = 5432;
const PASSWORD_HINT =
  'Give it in PGPASSWORD, in a passfile (~/.pgpass or PGPASSFILE), or in a named source (PEGBOARD_SOURCES_FILE).';

/**
 * Where a source is, from its URL (`postgres://user@host:port/database?sslmode=require`) or its name in the file of
 * sources. The password is the named source's own, else PGPASSWORD, else the passfile's.
 * @throws PegboardError DATA_VALIDATION_ERROR, also for a URL with a password, which is never repeated; UNKNOWN_NAME for a
 * name that is not there; CONFIGURATION_ERROR where a file of the settings is wrong
 */
export async function resolveSource(from: string, settings: SourceSettings): Promise<ConnectionSettings> {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(from) ? addressOfUrl(from, settings) : await named(from, settings);
  if (address.password !== null) return address;
  if (settings.password !== null) return { ...address, password: settings.password };
  const passFile = settings.passFile ?? join(homedir(), '.pgpass');
  return { ...address, password: await passwordFromPassfile(passFile, address) };
}

async function named(name: string, { sourcesFile }: SourceSettings): Promise<ConnectionSettings> {
  if (sourcesFile === null) {
    throw new PegboardError('UNKNOWN_NAME', `there is no source ${name}: no sources are configured`, {
      hint: 'Give a URL such as postgres://reader@db.example.org:5432/pm, or name sources in the file of PEGBOARD_SOURCES_FILE.',
    });
  }
  const sources = await readSources(sourcesFile);
  const source = sources.get(name);
  if (source) return await source();
  const known = [...sources.keys()];
  const nearest = suggest(name, known);
  throw new PegboardError('UNKNOWN_NAME', `there is no source ${name}`, {
    hint:
      nearest.length > 0 ? `Did you mean ${nearest.join(' or ')}?` : `Known sources: ${known.join(', ') || 'none'}.`,
  });
}

function addressOfUrl(text: string, settings: SourceSettings): ConnectionSettings {
  if (!/^postgres(ql)?:\/\//i.test(text)) throw invalid('it is no URL of PostgreSQL');
  if (!URL.canParse(text)) {
    throw invalid(
      'the URL is not readable',
      'Write postgres://user@host:port/database; escape special characters as %XX.',
    );
  }
  const url = new URL(text);
  for (const key of url.searchParams.keys()) {
    if (key !== 'sslmode' && key !== 'host') {
      if (key === 'password') throw passwordInUrl();
      throw invalid(`the URL has a parameter ${key} that is not known`, 'Known: sslmode, host (of a socket).');
    }
  }
  if (url.password !== '') throw passwordInUrl();
  const sslmode = url.searchParams.get('sslmode') ?? 'disable';
  const ssl = SSL_MODES.find((mode) => mode === sslmode);
  if (ssl === undefined) throw invalid(`sslmode is none of ${SSL_MODES.join(', ')}`);
  const host = url.searchParams.get('host') ?? decode(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  const database = decode(url.pathname.slice(1));
  if (host === '' || database === '') {
    throw invalid(`the URL names no ${host === '' ? 'host' : 'database'}`, 'Write postgres://user@host:port/database.');
  }
  return {
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    user: decode(url.username) || settings.user || userInfo().username,
    database,
    password: null,
    ssl,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('the URL has a % that escapes nothing', 'Write %25 for a percent sign.');
  }
}

function passwordInUrl(): PegboardError {
  return invalid('the URL holds a password, which others can see on the command line', PASSWORD_HINT);
}

function invalid(message: string, hint?: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', `--from: ${message}`, hint === undefined ? {} : { hint });
}
