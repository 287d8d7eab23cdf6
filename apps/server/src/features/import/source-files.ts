import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { errorCode, PegboardError } from '../../platform/errors.ts';
import { Secret } from '../../platform/secret.ts';

const OTHERS_MAY_READ = 0o077;

const namedSource = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5432),
  user: z.string().min(1),
  database: z.string().min(1),
  sslmode: z.enum(['disable', 'require', 'verify-ca', 'verify-full']).default('disable'),
  password: z.string().optional(),
  /** Path of a file that holds nothing but the password; relative to the sources file. */
  passwordFile: z.string().optional(),
});
const sourcesFile = z.strictObject({ sources: z.record(z.string(), namedSource) });

/** A source as the operator has named it. */
export interface NamedSource {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly ssl: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  readonly password: Secret | null;
}

/**
 * Reads the file of named sources: `{"sources":{"legacy":{"host":…,"port":…,"user":…,"database":…,"sslmode":…,
 * "password":… or "passwordFile":…}}}`. The sources are read when they are asked for.
 * @throws PegboardError CONFIGURATION_ERROR where it, or a file of a password, is unreadable, wrong, or open to others
 */
export async function readSources(path: string): Promise<ReadonlyMap<string, () => Promise<NamedSource>>> {
  const parsed = sourcesFile.safeParse(parseJson(await readPrivateFile(path, 'the file of sources'), path));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`);
    throw configurationError(`the file of sources ${path} is wrong: ${problems.join('; ')}`);
  }
  return new Map(
    Object.entries(parsed.data.sources).map(([name, { password, passwordFile, sslmode, ...address }]) => [
      name,
      async () => {
        const fromFile =
          passwordFile === undefined ? undefined : await readPassword(resolve(dirname(path), passwordFile));
        const text = password ?? fromFile;
        return { ...address, ssl: sslmode, password: text === undefined ? null : new Secret(text) };
      },
    ]),
  );
}

/**
 * The password that a file in libpq's format has for a connection (`host:port:database:user:password` a line, `*`
 * matches all, a backslash escapes); null where there is no such file or line.
 * @throws PegboardError CONFIGURATION_ERROR where others may read the file
 */
export async function passwordFromPassfile(
  path: string,
  { host, port, database, user }: { host: string; port: number; database: string; user: string },
): Promise<Secret | null> {
  let text: string;
  try {
    text = await readPrivateFile(path, 'the passfile');
  } catch (error) {
    if (error instanceof PegboardError && errorCode(error.cause) === 'ENOENT') return null;
    throw error;
  }
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = splitPassfileLine(line);
    if (fields.length === 5 && wanted.every((value, at) => fields[at] === '*' || fields[at] === value))
      return new Secret(fields[4]);
  }
  return null;
}

/** The fifth field takes all that follows but for escapes. */
function splitPassfileLine(line: string): string[] {
  const fields = [''];
  for (let at = 0; at < line.length; at++) {
    const isEscape = line[at] === '\\' && at + 1 < line.length;
    if (line[at] === ':' && fields.length < 5) fields.push('');
    else fields[fields.length - 1] += isEscape ? line[++at] : line[at];
  }
  return fields;
}

async function readPassword(path: string): Promise<string> {
  return (await readPrivateFile(path, 'the file of a password')).replace(/\r?\n$/, '');
}

async function readPrivateFile(path: string, what: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & OTHERS_MAY_READ) !== 0) {
      throw new PegboardError('CONFIGURATION_ERROR', `${what} ${path} may be read by others`, {
        hint: `Run: chmod 600 ${path}`,
      });
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof PegboardError) throw cause;
    throw new PegboardError(
      'CONFIGURATION_ERROR',
      `${what} ${path} cannot be read (${errorCode(cause) ?? 'unknown reason'})`,
      {
        cause,
      },
    );
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which may be a password.
    throw configurationError(`the file of sources ${path} is no JSON`);
  }
}

function configurationError(message: string): PegboardError {
  return new PegboardError('CONFIGURATION_ERROR', message);
}
