import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Config, DatabaseConfig as DatabaseSettings } from './config.ts';
import { type CatalogueReader, createCatalogueReader } from './features/catalogue/catalogue-reader.ts';
import { compareRoutes } from './features/compare/compare.routes.ts';
import { type CompareService, createCompareService } from './features/compare/compare.service.ts';
import { loadJwtSecret } from './features/identity/jwt-secret.ts';
import { createTokenService, type TokenService } from './features/identity/tokens.ts';
import { createImportService } from './features/import/import.service.ts';
import { createPostgresImportProgressStore } from './features/import/import-progress.store-postgres.ts';
import type { ImportService } from './features/import/import-request.ts';
import { ingestRoutes } from './features/ingest/ingest.routes.ts';
import { createIngestService, type IngestService } from './features/ingest/ingest.service.ts';
import { quarantineRoutes } from './features/ingest/quarantine.routes.ts';
import { createQuarantineService, type QuarantineService } from './features/ingest/quarantine.service.ts';
import { kpiQueryRoutes } from './features/kpi-query/kpi-query.routes.ts';
import { createKpiQueryService, type KpiQueryService } from './features/kpi-query/kpi-query.service.ts';
import { createKpiStatisticsService, type KpiStatisticsService } from './features/kpi-query/kpi-statistics.service.ts';
import { createPostgresKpiDefinitionStore } from './features/kpis/kpi.store-postgres.ts';
import { createKpiBookReader } from './features/kpis/kpi-book-reader.ts';
import { kpisRoutes } from './features/kpis/kpis.routes.ts';
import { createKpisService, type KpisService } from './features/kpis/kpis.service.ts';
import { masterRoutes } from './features/master/master.routes.ts';
import { createMasterService, type MasterService } from './features/master/master.service.ts';
import { startRetention } from './features/retention/retention.ts';
import { buildApp } from './http/app.ts';
import { type RunningServer, startServer } from './http/server.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { createLogger, type Logger } from './platform/logging.ts';
import { createMetrics, type EmitMetric, type Metrics } from './platform/metrics.ts';
import { explainConnectionFailure } from './platform/postgres/connection.ts';
import { type Database, type DatabaseConfig, openDatabase } from './platform/postgres/database.ts';
import { migrate } from './platform/postgres/migrate.ts';
import type { KpiStore } from './stores/kpi/kpi-store.ts';
import { createPostgresKpiStore, loadShippedCatalogue } from './stores/kpi/kpi-store-postgres.ts';
import { observeKpiStore } from './stores/kpi/observed-kpi-store.ts';

const DATA_SOURCE = 'PostgreSQL';

/** What happens in this process, for those who watch it. */
export interface Platform {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly emit: EmitMetric;
}

export interface Services {
  readonly store: KpiStore;
  readonly catalogue: CatalogueReader;
  readonly kpiMaster: KpisService;
  readonly ingest: IngestService;
  readonly quarantine: QuarantineService;
  readonly compare: CompareService;
  readonly queries: KpiQueryService;
  readonly statistics: KpiStatisticsService;
  readonly master: MasterService;
}

/** `quarantine`: how much is kept of refused uploads; absent: the defaults. */
type ServicesConfig = Pick<Config, 'timeZone'> & Partial<Pick<Config, 'quarantine'>>;

export interface OpenServices extends Services {
  readonly database: Database;
  /** Ends the connections, and the embedded server where no other process uses it. */
  close(): Promise<void>;
}

/**
 * The database, migrated, with the services on it: what commands work with.
 * @throws PegboardError as `openDatabase` and `migrate` do.
 */
export async function openServices(
  config: Pick<Config, 'dataDir' | 'database'> & ServicesConfig,
  platform: Partial<Platform> = {},
): Promise<OpenServices> {
  const { logger = createLogger({ level: 'silent' }), clock = systemClock, emit = () => {} } = platform;
  const database = await openMigratedDatabase(config, logger);
  const services = composeServices(database, config, { clock, emit });
  return { ...services, database, close: () => database.close() };
}

/**
 * The configured database as it is.
 * @throws PegboardError as `openDatabase` does.
 */
export function openConfiguredDatabase(
  config: Pick<Config, 'dataDir' | 'database'>,
  logger: Logger,
): Promise<Database> {
  return openDatabase(connectionOf(config.database, config.dataDir), { logger });
}

/**
 * The configured database with its schema up to date.
 * @throws PegboardError as `openDatabase` and `migrate` do.
 */
export async function openMigratedDatabase(
  config: Pick<Config, 'dataDir' | 'database'>,
  logger: Logger,
): Promise<Database> {
  const database = await openConfiguredDatabase(config, logger);
  try {
    await migrate(database, { logger });
    await loadShippedCatalogue(database.pool);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The services on a migrated database. */
export function composeServices(
  database: Pick<Database, 'pool' | 'connection'>,
  { timeZone, quarantine }: ServicesConfig,
  { clock, emit }: Pick<Platform, 'clock' | 'emit'>,
): Services {
  const explain = (error: unknown) => explainConnectionFailure(error, database.connection);
  const store = observeKpiStore(createPostgresKpiStore(database.pool, quarantine), { emit, explain });
  const ingest = createIngestService({ store, clock, timeZone });
  const catalogue = createCatalogueReader(store, clock);
  const kpiDefinitions = createPostgresKpiDefinitionStore(database.pool, explain);
  const kpis = createKpiBookReader(catalogue, kpiDefinitions);
  const reading = { store, kpis, clock, timeZone, dataSource: DATA_SOURCE };
  return {
    store,
    catalogue,
    kpiMaster: createKpisService(kpiDefinitions, kpis, clock),
    ingest,
    quarantine: createQuarantineService({ quarantine: store.quarantine, ingest }),
    compare: createCompareService({ store, kpis, clock, timeZone }),
    queries: createKpiQueryService(reading),
    statistics: createKpiStatisticsService(reading),
    master: createMasterService(store, catalogue),
  };
}

/** The import of samples from other databases into a migrated one. */
export function composeImport(
  { database, store }: Pick<OpenServices, 'database' | 'store'>,
  { sources }: Pick<Config, 'sources'>,
  clock: Clock = systemClock,
): ImportService {
  return createImportService({ store, progress: createPostgresImportProgressStore(database.pool), clock, sources });
}

/** The HTTP application over the services. */
export function composeApp(
  services: Services,
  {
    config,
    logger,
    clock,
    metrics,
    tokens,
  }: {
    readonly config: Pick<Config, 'http'>;
    readonly logger: Logger;
    readonly clock: Clock;
    readonly metrics: Metrics;
    readonly tokens: TokenService;
  },
): Promise<FastifyInstance> {
  const { store, catalogue, ingest, quarantine } = services;
  const { emit } = metrics;
  const { maxUploadBytes } = config.http;
  return buildApp({
    version: packageVersion(),
    config: config.http,
    logger,
    metrics,
    clock,
    tokens,
    ping: () => store.ping(),
    features: [
      compareRoutes(services.compare, emit),
      kpiQueryRoutes(services.queries, services.statistics),
      masterRoutes(services.master),
      kpisRoutes(services.kpiMaster),
      ingestRoutes({ ingest, store, catalogue, emit, maxUploadBytes }),
      quarantineRoutes({ quarantine, catalogue, emit, maxUploadBytes }),
    ],
  });
}

export interface ComposedServer {
  readonly services: OpenServices;
  readonly tokens: TokenService;
  readonly app: FastifyInstance;
  /** Listens where the configuration says; at most once. */
  listen(): Promise<RunningServer>;
  /** Drains requests, then closes the database. Safe to call twice, and without `listen`. */
  close(): Promise<void>;
}

/** Everything that `serve` runs. */
export async function composeServer(
  config: Config,
  platform: Partial<Pick<Platform, 'logger' | 'clock'>> = {},
): Promise<ComposedServer> {
  const { logger = createLogger({ level: config.logLevel }), clock = systemClock } = platform;
  const metrics = createMetrics({ processMetrics: true });
  const tokens = await composeTokens(config, clock);
  const services = await openServices(config, { logger, clock, emit: metrics.emit });
  const app = await composeApp(services, { config, logger, clock, metrics, tokens });
  const { retentionDays } = config;
  const retention =
    retentionDays === null ? null : startRetention({ store: services.store, days: retentionDays, clock, logger });
  let running: RunningServer | null = null;
  const shutDown = async (): Promise<void> => {
    retention?.stop();
    await (running ?? app).close();
    await services.close();
  };
  let closing: Promise<void> | null = null;

  return {
    services,
    tokens,
    app,
    async listen() {
      const { host, port, shutdownTimeoutMs } = config.http;
      running = await startServer({ app, host, port, shutdownTimeoutMs, logger });
      return running;
    },
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

/** The tokens of an installation: signed with the configured key, else with the one of the data folder. */
export async function composeTokens(
  config: Pick<Config, 'jwtSecret' | 'dataDir'>,
  clock: Clock = systemClock,
): Promise<TokenService> {
  return createTokenService({ secret: config.jwtSecret ?? (await loadJwtSecret(config.dataDir)), clock });
}

function connectionOf(settings: DatabaseSettings, dataDir: string): DatabaseConfig {
  if (settings.kind === 'embedded') return { kind: 'embedded', dataDir };
  const { host, port, user, password, name, sslMode } = settings;
  return { kind: 'outside', host, port, user, password, database: name, ssl: sslMode };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
