import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { PegboardError } from './platform/errors.ts';

const OUTSIDE = { DB_HOST: 'db.example.org', DB_USER: 'pegboard', DB_PASSWORD: 'hunter2', DB_NAME: 'pm' };

function complaint(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof PegboardError && error.code === 'CONFIGURATION_ERROR') return error.message;
    throw error;
  }
  return 'no error';
}

describe('loadConfig', () => {
  it('needs nothing: the embedded database, loopback, UTC', () => {
    expect(loadConfig({})).toMatchObject({
      dataDir: `${process.cwd()}/.pegboard`,
      database: { kind: 'embedded' },
      timeZone: 'UTC',
      logLevel: 'info',
      http: { host: '127.0.0.1', port: 8000, corsOrigins: [], metricsToken: null },
      retentionDays: null,
      jwtSecret: null,
    });
  });

  it('takes an outside database once DB_HOST is set', () => {
    expect(loadConfig({ ...OUTSIDE, DB_PORT: '6543', DB_SSLMODE: 'require' }).database).toMatchObject({
      kind: 'outside',
      host: 'db.example.org',
      port: 6543,
      user: 'pegboard',
      name: 'pm',
      sslMode: 'require',
      reader: null,
    });
  });

  it('prints no secret, however it is printed', () => {
    const config = loadConfig({
      ...OUTSIDE,
      PEGBOARD_JWT_SECRET: 's'.repeat(32),
      PEGBOARD_METRICS_TOKEN: 't'.repeat(16),
    });
    const printed = `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })} ${config.jwtSecret}`;
    expect(printed).not.toContain('hunter2');
    expect(printed).not.toContain('s'.repeat(32));
    expect(printed).not.toContain('t'.repeat(16));
    expect(config.jwtSecret?.reveal()).toBe('s'.repeat(32));
  });

  it.each([
    [{ PEGBOARD_PROT: '9000' }, 'PEGBOARD_PROT (did you mean PEGBOARD_PORT?)'],
    [{ PEGBOARD_PORT: 'http' }, 'PEGBOARD_PORT must be a number'],
    [{ PEGBOARD_PORT: '70000' }, 'PEGBOARD_PORT must be at most 65535'],
    [{ NETWORK_TIMEZONE: 'Mars/Olympus' }, 'NETWORK_TIMEZONE is no time zone'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal'],
    [{ PEGBOARD_JWT_SECRET: 'short' }, 'PEGBOARD_JWT_SECRET must have at least 32 bytes'],
    [{ PEGBOARD_CORS_ORIGINS: 'https://a.example,*' }, 'PEGBOARD_CORS_ORIGINS must be origins'],
    [{ DB_HOST: 'db', DB_NAME: 'pm' }, 'DB_HOST is set but not DB_USER'],
    [{ DB_PASSWORD: 'x' }, 'DB_PASSWORD set but not DB_HOST'],
    [{ ...OUTSIDE, DB_READER_PASSWORD: 'x' }, 'DB_READER_PASSWORD is set but not DB_READER_USER'],
  ])('refuses %o', (environment, expected) => {
    expect(complaint(environment)).toContain(expected);
  });

  it('never repeats a secret in its complaint', () => {
    expect(complaint({ PEGBOARD_JWT_SECRET: 'correct-horse' })).not.toContain('correct-horse');
  });

  it('counts an empty variable as not set, and lets the command line win', () => {
    const config = loadConfig(
      { PEGBOARD_PORT: '', NETWORK_TIMEZONE: 'Asia/Seoul' },
      { port: 0, timeZone: 'UTC', dataDir: '/d' },
    );
    expect(config).toMatchObject({ http: { port: 0 }, timeZone: 'UTC', dataDir: '/d' });
  });
});
