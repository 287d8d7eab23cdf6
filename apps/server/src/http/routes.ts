import type { ErrorCode } from '@pegboard/contracts';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  RouteOptions,
} from 'fastify';
import type { z } from 'zod';
import type { Permission, Principal } from '../features/identity/roles.ts';
import { startDeadline } from './deadline.ts';
import { errorResponses } from './problem.ts';

/** Said by routes that anybody may call. */
export const PUBLIC = 'public';
export type RoutePermission = Permission | typeof PUBLIC;

type Schema = z.ZodType;
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

/** What a handler works with: everything checked against the route's schemas. */
export interface RouteContext<P, Q, B, Caller> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Who asks; null on public routes. */
  readonly principal: Caller;
  /** Aborted when the client goes away or the time of the route is over. */
  readonly signal: AbortSignal;
  readonly log: FastifyBaseLogger;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface RouteDeclaration<
  P extends Schema | undefined,
  Q extends Schema | undefined,
  B extends Schema | undefined,
  R extends Schema,
  Access extends RoutePermission,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: `/${string}`;
  /** Who may call it. There is no default: public routes say `PUBLIC`. */
  readonly permission: Access;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Documents a multipart body, which the handler reads itself. */
  readonly multipart?: { readonly field: string; readonly description: string };
  readonly success: {
    readonly description: string;
    readonly schema: R;
    /** The media type of `schema`; default `application/json`. */
    readonly mediaType?: string;
    /** Other media types that the handler may send, each a text or a stream that it makes itself. */
    readonly alternatives?: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  /** Beside those that every route may answer. */
  readonly errors: readonly ErrorCode[];
  readonly bodyLimitBytes?: number;
  /** Time until the answer has been sent, ms; default: that of the app. */
  readonly timeoutMs?: number;
  /** Gives the answer, or sends it by `reply` and gives that. */
  readonly handler: (
    context: RouteContext<Parsed<P>, Parsed<Q>, Parsed<B>, Access extends typeof PUBLIC ? null : Principal>,
  ) => Promise<z.output<R> | FastifyReply>;
}

/** The only way for a feature to have routes. */
export interface Routes {
  add<
    R extends Schema,
    Access extends RoutePermission,
    P extends Schema | undefined = undefined,
    Q extends Schema | undefined = undefined,
    B extends Schema | undefined = undefined,
  >(route: RouteDeclaration<P, Q, B, R, Access>): void;
}

/** A feature's routes, ready to be added. */
export type FeatureRoutes = (routes: Routes) => void;

export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly permission: RoutePermission;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    permission?: RoutePermission;
    multipart?: { readonly field: string; readonly description: string };
  }
}

/**
 * Watches all registrations of an app and refuses, when it starts, routes that declare no permission.
 * Gives the table of routes, which is complete once the app is ready.
 */
export function guardRoutes(app: FastifyInstance): readonly DeclaredRoute[] {
  const registered: RouteOptions[] = [];
  const table: DeclaredRoute[] = [];
  app.addHook('onRoute', (route) => {
    registered.push(route);
  });
  app.addHook('onReady', async () => {
    for (const route of registered) {
      const permission = route.config?.permission;
      if (permission === undefined) throw new Error(`route ${route.method} ${route.url} declares no permission`);
      for (const method of [route.method].flat()) table.push({ method, url: route.url, permission });
    }
  });
  return table;
}

/** Lets routes that a plugin brings be called by anybody. For plugins of this app only, in a scope of their own. */
export function declarePublic(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, permission: PUBLIC };
  });
}

/** What checks the caller before anything of the request is read. */
export type Authorize = (request: FastifyRequest, permission: Permission) => Promise<void>;

export interface RouteOptionsOfApp {
  readonly authorize: Authorize;
  /** For routes that name none, ms. */
  readonly timeoutMs: number;
}

export function createRoutes(
  app: FastifyInstance,
  { authorize, timeoutMs: defaultTimeoutMs }: RouteOptionsOfApp,
): Routes {
  return {
    add(route) {
      const { permission, handler, bodyLimitBytes, timeoutMs = defaultTimeoutMs, multipart } = route;
      const required = permission === PUBLIC ? null : (permission as Permission);
      app.route({
        method: route.method,
        url: route.url,
        config: { permission, ...(multipart && { multipart }) },
        schema: toFastifySchema(route),
        ...(bodyLimitBytes !== undefined && { bodyLimit: bodyLimitBytes }),
        ...(required && { onRequest: (request: FastifyRequest) => authorize(request, required) }),
        handler: (request, reply) => {
          const { signal, expired } = startDeadline(reply, timeoutMs);
          const context = {
            params: request.params,
            query: request.query,
            body: request.body,
            principal: request.principal,
            signal,
            log: request.log,
            request,
            reply,
          };
          // The validators of `schema` have made params, query and body what the declaration's types say.
          return Promise.race([handler(context as Parameters<typeof handler>[0]), expired]);
        },
      });
    },
  };
}

type AnyRoute = Omit<
  RouteDeclaration<Schema | undefined, Schema | undefined, Schema | undefined, Schema, RoutePermission>,
  'handler'
>;

function toFastifySchema(route: AnyRoute): FastifySchema {
  const { params, query, body, permission, success, multipart } = route;
  const common: ErrorCode[] = ['INTERNAL_ERROR', 'SERVICE_OVERLOADED', 'PROCESSING_TIMEOUT'];
  if (permission !== PUBLIC) common.push('UNAUTHENTICATED', 'PERMISSION_DENIED');
  if (params ?? query ?? body) common.push('DATA_VALIDATION_ERROR');
  if (body || multipart) common.push('DATA_VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  const documentation = {
    operationId: route.operationId,
    summary: route.summary,
    description: route.description,
    tags: [route.tag],
    security: permission === PUBLIC ? [] : [{ bearer: [] }],
    'x-permission': permission,
    ...(multipart && { consumes: ['multipart/form-data'] }),
  };
  return {
    ...documentation,
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: {
      200: {
        description: success.description,
        content: { [success.mediaType ?? 'application/json']: { schema: success.schema }, ...success.alternatives },
      },
      ...errorResponses([...common, ...route.errors]),
    },
  };
}
