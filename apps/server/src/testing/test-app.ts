import { randomBytes } from 'node:crypto';
import type { MeasurementBlock } from '@pegboard/pm-files';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { composeApp, composeServices, type Services } from '../compose.ts';
import { loadConfig } from '../config.ts';
import type { Role } from '../features/identity/roles.ts';
import { createTokenService } from '../features/identity/tokens.ts';
import { manualClock } from '../platform/clock.ts';
import { createLogger } from '../platform/logging.ts';
import { createMetrics } from '../platform/metrics.ts';
import { Secret } from '../platform/secret.ts';
import type { KpiStore } from '../stores/kpi/kpi-store.ts';
import { fileRecord } from '../stores/kpi/testing/store-fixture.ts';
import { createTestDatabase } from './test-database.ts';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly clock: ReturnType<typeof manualClock>;
  /** A token of a role, for real requests. */
  token(role: Role): Promise<string>;
  /** A request with the token of a role; null: without any. */
  as(role: Role | null, request: InjectOptions): Promise<LightMyRequestResponse>;
  /** `POST` of JSON. */
  post(
    role: Role | null,
    url: string,
    payload: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** The whole application over a database of its own. `environment` is added to an empty one. */
export async function createTestApp(environment: Record<string, string> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const config = loadConfig(environment);
  const clock = manualClock(Date.UTC(2026, 0, 15));
  const metrics = createMetrics({ processMetrics: false });
  const tokens = createTokenService({ secret: new Secret(randomBytes(32).toString('hex')), clock });
  const services = composeServices(database, config, { clock, emit: metrics.emit });
  const logger = createLogger({ level: 'silent' });
  const app = await composeApp(services, { config, logger, clock, metrics, tokens });
  await app.ready();

  const tokenOf = (role: Role) => tokens.createToken({ user: `the-${role}`, role, expiresInS: 60 });
  const as: TestApp['as'] = async (role, request) => {
    const token = role && (await tokenOf(role));
    const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token}` }) };
    return app.inject({ ...request, headers });
  };
  return {
    app,
    services,
    clock,
    token: tokenOf,
    as,
    post: (role, url, payload, headers = {}) => as(role, { method: 'POST', url, payload, headers }),
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** Samples of one object: PEG name → values of successive granularity periods; null is a missing value. */
export interface TestSeries {
  readonly ne: string;
  readonly ldn: string;
  readonly family?: string;
  /** Begin of the first period, ISO 8601. */
  readonly begin: string;
  readonly granularityS?: number;
  readonly suspect?: boolean;
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
}

/** Writes samples as a file would. */
export async function writeSamples(store: KpiStore, series: readonly TestSeries[]): Promise<void> {
  const writer = store.openWriter();
  try {
    writer.beginFile();
    for (const block of series.flatMap(blocksOf)) writer.add(block);
    writer.endFile(fileRecord());
    const { refused } = await writer.commit();
    if (refused.length > 0) throw new Error(`the store refused the samples: ${refused[0].message}`);
  } finally {
    await writer.close();
  }
}

function blocksOf(series: TestSeries): MeasurementBlock[] {
  const { granularityS = 900, suspect = false, family = null } = series;
  const names = Object.keys(series.values);
  const periods = Math.max(...Object.values(series.values).map((values) => values.length));
  const managedElement = { name: series.ne, userLabel: null, swVersion: null, vendor: null };
  const layout = { family, names };
  return Array.from({ length: periods }, (_, period) => ({
    managedElement,
    ldn: series.ldn,
    layout,
    beginMs: Date.parse(series.begin) + period * granularityS * 1000,
    granularityS,
    suspect,
    values: Float64Array.from(names, (name) => series.values[name][period] ?? Number.NaN),
  }));
}
