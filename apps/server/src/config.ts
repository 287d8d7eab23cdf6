import { resolve } from 'node:path';
import { suggest } from '@pegboard/names';
import { z } from 'zod';
import { PegboardError } from './platform/errors.ts';
import { LOG_LEVELS, type LogLevel } from './platform/logging.ts';
import type { ConnectionSettings } from './platform/postgres/connection.ts';
import { Secret } from './platform/secret.ts';

type SslMode = NonNullable<ConnectionSettings['ssl']>;
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const satisfies readonly SslMode[];

interface OutsideDatabaseConfig {
  readonly kind: 'outside';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret | null;
  readonly name: string;
  readonly sslMode: SslMode;
  /** The role for people's SQL; null: derived from the main role when it may create roles. */
  readonly reader: { readonly user: string; readonly password: Secret | null } | null;
}

export type DatabaseConfig = { readonly kind: 'embedded' } | OutsideDatabaseConfig;

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Origins that browsers may call from; empty: CORS is off. */
  readonly corsOrigins: readonly string[];
  /** Bearer token of `/metrics`; null: loopback addresses only. */
  readonly metricsToken: Secret | null;
  /** Bytes of the files of one upload together. */
  readonly maxUploadBytes: number;
  readonly maxUploadFiles: number;
  /** Time that one request may take to arrive, ms. */
  readonly requestTimeoutMs: number;
  /** Time that an answer to a request may take to be computed, ms. */
  readonly handlerTimeoutMs: number;
  /** Time that open requests are given at shutdown, ms. */
  readonly shutdownTimeoutMs: number;
}

/** Databases that samples are imported from. */
export interface SourcesConfig {
  /** Absolute path of the file of named sources; null: there are none. */
  readonly sourcesFile: string | null;
  /** PGPASSWORD, as libpq takes it. */
  readonly password: Secret | null;
  /** PGPASSFILE; null: `~/.pgpass`. */
  readonly passFile: string | null;
  /** PGUSER; null: the account of this process. */
  readonly user: string | null;
}

/** How much is kept of refused uploads, in bytes as stored (packed). */
export interface QuarantineConfig {
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
}

export interface Config {
  /** Absolute path. */
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  /** IANA name: the default zone of every request and command. */
  readonly timeZone: string;
  readonly logLevel: LogLevel;
  readonly http: HttpConfig;
  readonly quarantine: QuarantineConfig;
  /** Days of samples to keep; null: all. */
  readonly retentionDays: number | null;
  /** Key of HS256; null: the generated one in the data folder. */
  readonly jwtSecret: Secret | null;
  readonly sources: SourcesConfig;
}

/** Settings given on the command line; they win over the environment. */
export interface ConfigOverrides {
  readonly dataDir?: string;
  readonly timeZone?: string;
  readonly logLevel?: string;
  /** Log level where neither the command line nor the environment gives one. Default `info`. */
  readonly quietLogLevel?: LogLevel;
  readonly host?: string;
  readonly port?: string | number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const MIN_JWT_SECRET_BYTES = 32;

const integer = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const secret = z.string().transform((text) => new Secret(text));
const timeZone = z.string().refine(isTimeZone, 'is no time zone; give an IANA name such as Asia/Seoul or UTC');
const origins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((list) => list.every(isOrigin), 'must be origins separated by commas, such as https://dash.example.org');

const environmentSchema = z.object({
  DB_HOST: z.string().optional(),
  DB_PORT: integer(1, 65_535).default(5432),
  DB_USER: z.string().optional(),
  DB_PASSWORD: secret.optional(),
  DB_NAME: z.string().optional(),
  DB_SSLMODE: z.enum(SSL_MODES, { error: `must be one of ${SSL_MODES.join(', ')}` }).default('disable'),
  DB_READER_USER: z.string().optional(),
  DB_READER_PASSWORD: secret.optional(),
  NETWORK_TIMEZONE: timeZone.default('UTC'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  PEGBOARD_DATA_DIR: z.string().default('.pegboard'),
  PEGBOARD_HOST: z.string().default('127.0.0.1'),
  PEGBOARD_PORT: integer(0, 65_535).default(8000),
  PEGBOARD_RETENTION_DAYS: integer(1, 36_500).optional(),
  PEGBOARD_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').pipe(secret).optional(),
  PEGBOARD_CORS_ORIGINS: origins.default([]),
  PEGBOARD_JWT_SECRET: z
    .string()
    .refine(
      (text) => Buffer.byteLength(text) >= MIN_JWT_SECRET_BYTES,
      `must have at least ${MIN_JWT_SECRET_BYTES} bytes; 'openssl rand -hex 32' makes one`,
    )
    .pipe(secret)
    .optional(),
  PEGBOARD_MAX_UPLOAD_BYTES: integer(1024, 10 * 2 ** 30).default(256 * 2 ** 20),
  PEGBOARD_MAX_UPLOAD_FILES: integer(1, 10_000).default(500),
  PEGBOARD_QUARANTINE_MAX_FILE_BYTES: integer(0, 2 ** 30).default(64 * 2 ** 20),
  PEGBOARD_QUARANTINE_MAX_TOTAL_BYTES: integer(0, 2 ** 40).default(2 ** 30),
  PEGBOARD_REQUEST_TIMEOUT_S: integer(1, 3600).default(300),
  PEGBOARD_HANDLER_TIMEOUT_S: integer(1, 3600).default(60),
  PEGBOARD_SHUTDOWN_TIMEOUT_S: integer(1, 600).default(20),
  PEGBOARD_SOURCES_FILE: z.string().optional(),
  PGPASSWORD: secret.optional(),
  PGPASSFILE: z.string().optional(),
  PGUSER: z.string().optional(),
});

type EnvironmentSettings = z.infer<typeof environmentSchema>;

/**
 * The settings of a process from its environment and command line. An empty variable counts as not set.
 * @throws PegboardError CONFIGURATION_ERROR that names every bad setting, and any `PEGBOARD_*` that does not exist.
 */
export function loadConfig(environment: Environment = process.env, overrides: ConfigOverrides = {}): Config {
  refuseUnknownSettings(environment);
  const parsed = environmentSchema.safeParse(knownSettings(environment, overrides));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${sourceOf(issue.path.join('.'), overrides)} ${issue.message}`,
    );
    throw configurationError(problems.join('; '));
  }
  return toConfig(parsed.data);
}

function toConfig(settings: EnvironmentSettings): Config {
  return {
    dataDir: resolve(settings.PEGBOARD_DATA_DIR),
    database: databaseConfig(settings),
    timeZone: settings.NETWORK_TIMEZONE,
    logLevel: settings.LOG_LEVEL,
    http: {
      host: settings.PEGBOARD_HOST,
      port: settings.PEGBOARD_PORT,
      corsOrigins: settings.PEGBOARD_CORS_ORIGINS,
      metricsToken: settings.PEGBOARD_METRICS_TOKEN ?? null,
      maxUploadBytes: settings.PEGBOARD_MAX_UPLOAD_BYTES,
      maxUploadFiles: settings.PEGBOARD_MAX_UPLOAD_FILES,
      requestTimeoutMs: settings.PEGBOARD_REQUEST_TIMEOUT_S * 1000,
      handlerTimeoutMs: settings.PEGBOARD_HANDLER_TIMEOUT_S * 1000,
      shutdownTimeoutMs: settings.PEGBOARD_SHUTDOWN_TIMEOUT_S * 1000,
    },
    quarantine: {
      maxFileBytes: settings.PEGBOARD_QUARANTINE_MAX_FILE_BYTES,
      maxTotalBytes: settings.PEGBOARD_QUARANTINE_MAX_TOTAL_BYTES,
    },
    retentionDays: settings.PEGBOARD_RETENTION_DAYS ?? null,
    jwtSecret: settings.PEGBOARD_JWT_SECRET ?? null,
    sources: {
      sourcesFile: settings.PEGBOARD_SOURCES_FILE === undefined ? null : resolve(settings.PEGBOARD_SOURCES_FILE),
      password: settings.PGPASSWORD ?? null,
      passFile: settings.PGPASSFILE ?? null,
      user: settings.PGUSER ?? null,
    },
  };
}

function databaseConfig(settings: EnvironmentSettings): DatabaseConfig {
  const { DB_HOST: host, DB_USER: user, DB_NAME: name } = settings;
  if (host === undefined) {
    const stray = (['DB_USER', 'DB_PASSWORD', 'DB_NAME', 'DB_READER_USER'] as const).filter((key) => settings[key]);
    if (stray.length > 0) throw configurationError(`${stray.join(', ')} set but not DB_HOST; set DB_HOST too, or none`);
    return { kind: 'embedded' };
  }
  if (user === undefined || name === undefined) {
    throw configurationError(`DB_HOST is set but not ${user === undefined ? 'DB_USER' : 'DB_NAME'}`);
  }
  const readerUser = settings.DB_READER_USER;
  if (readerUser === undefined && settings.DB_READER_PASSWORD) {
    throw configurationError('DB_READER_PASSWORD is set but not DB_READER_USER');
  }
  return {
    kind: 'outside',
    host,
    port: settings.DB_PORT,
    user,
    password: settings.DB_PASSWORD ?? null,
    name,
    sslMode: settings.DB_SSLMODE,
    reader: readerUser === undefined ? null : { user: readerUser, password: settings.DB_READER_PASSWORD ?? null },
  };
}

function knownSettings(environment: Environment, overrides: ConfigOverrides): Record<string, string> {
  const merged: Environment = {
    ...given('LOG_LEVEL', overrides.quietLogLevel),
    ...withoutEmpty(environment),
    ...given('PEGBOARD_DATA_DIR', overrides.dataDir),
    ...given('NETWORK_TIMEZONE', overrides.timeZone),
    ...given('LOG_LEVEL', overrides.logLevel),
    ...given('PEGBOARD_HOST', overrides.host),
    ...given('PEGBOARD_PORT', overrides.port),
  };
  const settings: Record<string, string> = {};
  for (const key of Object.keys(environmentSchema.shape)) {
    const value = merged[key];
    if (value !== undefined && value !== '') settings[key] = value;
  }
  return settings;
}

const OPTIONS: Readonly<Record<string, { readonly override: keyof ConfigOverrides; readonly option: string }>> = {
  PEGBOARD_DATA_DIR: { override: 'dataDir', option: '--data-dir' },
  NETWORK_TIMEZONE: { override: 'timeZone', option: '--timezone' },
  LOG_LEVEL: { override: 'logLevel', option: '--log-level' },
  PEGBOARD_HOST: { override: 'host', option: '--host' },
  PEGBOARD_PORT: { override: 'port', option: '--port' },
};

/** What the person has to change: the option, with what was written, where one was given; else the variable. */
function sourceOf(setting: string, overrides: ConfigOverrides): string {
  const known = OPTIONS[setting];
  const written = known && overrides[known.override];
  return written === undefined ? setting : `${known.option} '${written}'`;
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function given(key: string, value: string | number | undefined): Environment {
  return value === undefined ? {} : { [key]: String(value) };
}

function refuseUnknownSettings(environment: Environment): void {
  const known = Object.keys(environmentSchema.shape);
  const unknown = Object.keys(environment).filter((key) => key.startsWith('PEGBOARD_') && !known.includes(key));
  if (unknown.length === 0) return;
  const complaints = unknown.map((key) => {
    const nearest = suggest(key, known, 1);
    return nearest.length > 0 ? `${key} (did you mean ${nearest[0]}?)` : key;
  });
  throw configurationError(`unknown setting ${complaints.join(', ')}`);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}

function configurationError(message: string): PegboardError {
  return new PegboardError('CONFIGURATION_ERROR', message);
}
