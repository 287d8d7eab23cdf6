import { randomUUID } from 'node:crypto';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import { ERROR_CODES } from '@pegboard/contracts';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { HttpConfig } from '../config.ts';
import type { TokenService } from '../features/identity/tokens.ts';
import type { Clock } from '../platform/clock.ts';
import { PegboardError } from '../platform/errors.ts';
import type { Logger } from '../platform/logging.ts';
import type { Metrics } from '../platform/metrics.ts';
import { createAuthorize } from './authorize.ts';
import { answerClientError } from './client-error.ts';
import { registerDocs, registerOpenApi } from './docs.ts';
import { allowedMethods } from './method-table.ts';
import { operationRoutes } from './operation.routes.ts';
import { problemBody, problemHeaders, toPegboardError } from './problem.ts';
import { createRoutes, type DeclaredRoute, type FeatureRoutes, guardRoutes } from './routes.ts';

const JSON_BODY_LIMIT_BYTES = 2 ** 20;
const MAX_FORM_FIELDS = 20;
const MAX_FORM_FIELD_BYTES = 4096;
const MAX_PARAMETER_CHARACTERS = 1024;
const KEEP_ALIVE_MS = 72_000;
/** Requests answered at once; beyond, new ones are told to come back, so that those begun can end. */
const MAX_OPEN_REQUESTS = 256;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const SECURITY_POLICY = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

export interface AppDependencies {
  readonly version: string;
  readonly config: Pick<
    HttpConfig,
    'corsOrigins' | 'metricsToken' | 'maxUploadBytes' | 'maxUploadFiles' | 'requestTimeoutMs' | 'handlerTimeoutMs'
  >;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly tokens: Pick<TokenService, 'verifyToken'>;
  /** Rejects when a store cannot be used. */
  readonly ping: () => Promise<void>;
  readonly features: readonly FeatureRoutes[];
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with its permission; complete once the app is ready. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
}

/** The HTTP application, not listening: `inject` serves tests, `startServer` the network. */
export async function buildApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { config, metrics, clock } = dependencies;
  const logger: FastifyBaseLogger = dependencies.logger;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: (request) => requestId(request.headers['x-request-id']),
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARACTERS },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, clock),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, clock),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('principal', null);
  if (config.corsOrigins.length > 0) {
    // Before the watch over routes begins: it brings one of its own, which answers preflights.
    await app.register(cors, { origin: [...config.corsOrigins], exposedHeaders: ['x-request-id', 'x-next-cursor'] });
  }
  const table = guardRoutes(app);
  app.decorate('declaredRoutes', table);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, clock));
  app.setNotFoundHandler((request, reply) => answerUnknownRoute(table, request, reply));
  observeRequests(app, metrics);

  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: SECURITY_POLICY } });
  await app.register(compress, { globalDecompression: false });
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fileSize: config.maxUploadBytes,
      files: config.maxUploadFiles,
      fields: MAX_FORM_FIELDS,
      fieldSize: MAX_FORM_FIELD_BYTES,
    },
  });
  await registerOpenApi(app, dependencies.version);
  const routes = createRoutes(app, {
    authorize: createAuthorize(dependencies.tokens),
    timeoutMs: config.handlerTimeoutMs,
  });
  const operation = operationRoutes({ ping: dependencies.ping, metrics, metricsToken: config.metricsToken });
  for (const add of [operation, ...dependencies.features]) add(routes);
  await registerDocs(app);
  return app;
}

function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  let open = 0;
  app.addHook('onRequest', async (request, reply) => {
    open++;
    metrics.emit({ type: 'http_request_started' });
    reply.header('x-request-id', request.id);
    if (open > MAX_OPEN_REQUESTS && request.routeOptions.url !== '/healthz') {
      throw new PegboardError('SERVICE_OVERLOADED', `${open} requests are open`);
    }
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new PegboardError('UNSUPPORTED_MEDIA_TYPE', `requests encoded as ${encoding} are not taken; send it plain`);
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    open--;
    const seconds = reply.elapsedTime / 1000;
    const route = request.routeOptions.url ?? 'unknown';
    metrics.emit({
      type: 'http_request_finished',
      method: request.method,
      route,
      status: reply.statusCode,
      seconds,
    });
    request.log.info(
      {
        method: request.method,
        route,
        status: reply.statusCode,
        seconds,
        bytes: Number(reply.getHeader('content-length') ?? 0) || undefined,
        user: request.principal?.user,
        remote: request.ip,
      },
      'request answered',
    );
  });
}

function answerUnknownRoute(table: readonly DeclaredRoute[], request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?', 1)[0];
  const methods = allowedMethods(table, path);
  if (methods.length === 0) throw new PegboardError('NOT_FOUND', `there is no ${path}`);
  reply.header('allow', methods.join(', '));
  if (request.method === 'OPTIONS') return reply.code(204).send();
  throw new PegboardError(
    'METHOD_NOT_ALLOWED',
    `${path} does not take ${request.method}; it takes ${methods.join(', ')}`,
  );
}

/** Nobody reads it; this status tells the log and the metrics of it. */
const CLIENT_GONE_STATUS = 499;

function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply, clock: Clock) {
  if (reply.raw.destroyed && !reply.raw.writableFinished) {
    request.log.info({ err: thrown }, 'the client went away before it was answered');
    return reply.code(CLIENT_GONE_STATUS).send();
  }
  const error = toPegboardError(thrown);
  const { status, logLevel } = ERROR_CODES[error.code];
  request.log[logLevel]({ err: thrown, code: error.code, user: request.principal?.user }, 'request failed');
  const body = JSON.stringify(problemBody(error, request.id, clock.nowMs()));
  return reply.code(status).headers(problemHeaders(error)).header('x-request-id', request.id).send(body);
}
