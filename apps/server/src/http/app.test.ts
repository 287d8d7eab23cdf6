import { Writable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES, type Role } from '../features/identity/roles.ts';
import { createTokenService } from '../features/identity/tokens.ts';
import { manualClock } from '../platform/clock.ts';
import { PegboardError } from '../platform/errors.ts';
import { createLogger } from '../platform/logging.ts';
import { createMetrics } from '../platform/metrics.ts';
import { Secret } from '../platform/secret.ts';
import { type AppDependencies, buildApp } from './app.ts';
import { type FeatureRoutes, guardRoutes, PUBLIC } from './routes.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const clock = manualClock(NOW_MS);
const tokens = createTokenService({ secret: new Secret('k'.repeat(32)), clock });

const echoRoutes: FeatureRoutes = (routes) => {
  routes.add({
    method: 'POST',
    url: '/echo',
    permission: 'kpi:compare',
    operationId: 'echo',
    summary: 'Echo',
    description: 'Gives back what it got.',
    tag: 'kpi',
    body: z.object({ items: z.array(z.object({ n: z.number() })), text: z.string().optional() }),
    success: { description: 'It.', schema: z.object({ user: z.string(), sum: z.number() }) },
    errors: [],
    handler: async ({ body, principal }) => ({
      user: principal.user,
      sum: body.items.reduce((sum, item) => sum + item.n, 0),
    }),
  });
  routes.add({
    method: 'GET',
    url: '/fail/:how',
    permission: PUBLIC,
    operationId: 'fail',
    summary: 'Fail',
    description: 'Fails as asked.',
    tag: 'kpi',
    params: z.object({ how: z.string() }),
    success: { description: 'Never.', schema: z.object({ never: z.number() }) },
    errors: [],
    timeoutMs: 100,
    handler: async ({ params, signal }) => {
      if (params.how === 'store') throw new PegboardError('STORE_UNAVAILABLE', 'db.internal:5432 refused pegboard');
      if (params.how === 'shape') return { never: Number.NaN };
      if (params.how === 'slow') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      if (params.how === 'text') return { never: 1 };
      throw new Error('password=hunter2 leaked');
    },
  });
};

let open: FastifyInstance | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function app(
  overrides: Partial<Omit<AppDependencies, 'config'>> & { config?: Partial<AppDependencies['config']> } = {},
) {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trim().split('\n')) lines.push(JSON.parse(line));
      done();
    },
  });
  const built = await buildApp({
    version: '0.0.0',
    logger: createLogger({ level: 'debug', destination }),
    metrics: createMetrics({ processMetrics: false }),
    clock,
    tokens,
    ping: async () => {},
    features: [echoRoutes],
    ...overrides,
    config: {
      corsOrigins: [],
      metricsToken: null,
      maxUploadBytes: 1024,
      maxUploadFiles: 2,
      requestTimeoutMs: 10_000,
      handlerTimeoutMs: 5000,
      ...overrides.config,
    },
  });
  open = built;
  await built.ready();
  return { app: built, lines };
}

async function bearer(role: Role, expiresInS = 60): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await tokens.createToken({ user: 'kim', role, expiresInS })}` };
}

describe('errors', () => {
  it('have the documented shape, with the path of what is wrong', async () => {
    const { app: server } = await app();
    const answer = await server.inject({
      method: 'POST',
      url: '/echo',
      headers: { ...(await bearer('analyst')), 'x-request-id': 'req-7' },
      payload: { items: [{ n: 1 }, { n: 'two' }] },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['x-request-id']).toBe('req-7');
    const message = 'items.1.n: Invalid input: expected number, received string';
    expect(answer.json()).toEqual({
      type: '/docs/errors#DATA_VALIDATION_ERROR',
      title: 'The request is not valid',
      status: 400,
      detail: message,
      instance: 'req-7',
      success: false,
      error: {
        code: 'DATA_VALIDATION_ERROR',
        message,
        timestamp: '2026-01-01T00:00:00Z',
        details: [{ path: 'items.1.n', message: 'Invalid input: expected number, received string' }],
      },
    });
  });

  it.each([
    ['malformed JSON', '{"items":', 'application/json', 400, 'DATA_VALIDATION_ERROR'],
    ['no body', '', 'application/json', 400, 'DATA_VALIDATION_ERROR'],
    ['a poisoned prototype', '{"items":[],"__proto__":{"x":1}}', 'application/json', 400, 'DATA_VALIDATION_ERROR'],
    [
      'a poisoned constructor',
      '{"items":[],"constructor":{"prototype":{}}}',
      'application/json',
      400,
      'DATA_VALIDATION_ERROR',
    ],
    ['another media type', '<items/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'more than a megabyte',
      JSON.stringify({ items: [], text: 'x'.repeat(2 ** 20) }),
      'application/json',
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('refuse %s', async (_what, payload, type, status, code) => {
    const { app: server } = await app();
    const headers = { ...(await bearer('admin')), 'content-type': type };
    const answer = await server.inject({ method: 'POST', url: '/echo', headers, payload });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, success: false, error: { code } });
  });

  it('refuse a packed body', async () => {
    const { app: server } = await app();
    const headers = { ...(await bearer('admin')), 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await server.inject({ method: 'POST', url: '/echo', headers, payload: '{}' });
    expect(answer.statusCode).toBe(415);
  });

  it('tell unknown paths from wrong methods', async () => {
    const { app: server } = await app();
    const unknown = await server.inject('/nowhere');
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({
      success: false,
      error: { code: 'NOT_FOUND', message: 'there is no /nowhere' },
    });
    const wrong = await server.inject({ method: 'DELETE', url: '/fail/x' });
    expect(wrong.statusCode).toBe(405);
    expect(wrong.headers.allow).toBe('GET, HEAD, OPTIONS');
    expect(wrong.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
    const options = await server.inject({ method: 'OPTIONS', url: '/echo' });
    expect([options.statusCode, options.headers.allow]).toEqual([204, 'OPTIONS, POST']);
  });

  it('refuse a path that cannot be decoded', async () => {
    const { app: server } = await app();
    const answer = await server.inject('/fail/%zz');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ success: false, error: { code: 'DATA_VALIDATION_ERROR' } });
  });

  it.each([
    ['bug', 500, 'INTERNAL_ERROR'],
    ['shape', 500, 'INTERNAL_ERROR'],
    ['store', 503, 'STORE_UNAVAILABLE'],
    ['slow', 504, 'PROCESSING_TIMEOUT'],
  ])('of the server are masked, and found in the log by their id: %s', async (how, status, code) => {
    const { app: server, lines } = await app();
    const answer = await server.inject(`/fail/${how}`);
    expect(answer.statusCode).toBe(status);
    const body = answer.json();
    expect(body.error.code).toBe(code);
    expect(answer.body).not.toMatch(/hunter2|db\.internal|never/);
    expect(body.error.message).toContain(body.instance);
    expect(lines).toContainEqual(expect.objectContaining({ request_id: body.instance, code, msg: 'request failed' }));
  });

  it('say when to try again, where that helps', async () => {
    const { app: server } = await app();
    expect((await server.inject('/fail/store')).headers['retry-after']).toBe('5');
    expect((await server.inject('/fail/bug')).headers['retry-after']).toBeUndefined();
  });
});

describe('authentication', () => {
  const payload = { items: [] };

  it('is asked for before anything of the request is read', async () => {
    const { app: server } = await app();
    const answer = await server.inject({
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': 'x/y' },
      payload: 'no',
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="pegboard"');
    expect(answer.json().error.code).toBe('UNAUTHENTICATED');
  });

  it('tells a bad token from none', async () => {
    const { app: server } = await app();
    const headers = { authorization: 'Bearer abc.def.ghi' };
    const answer = await server.inject({ method: 'POST', url: '/echo', headers, payload });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it.each(ROLES)('compares the role %s with the permission of the route', async (role) => {
    const { app: server } = await app();
    const answer = await server.inject({ method: 'POST', url: '/echo', headers: await bearer(role), payload });
    expect(answer.statusCode).toBe(role === 'viewer' ? 403 : 200);
    if (role !== 'viewer') expect(answer.json()).toEqual({ user: 'kim', sum: 0 });
  });

  it('never writes the token to the log', async () => {
    const { app: server, lines } = await app();
    const headers = await bearer('viewer');
    await server.inject({ method: 'POST', url: '/echo', headers, payload });
    expect(lines.length).toBeGreaterThan(1);
    expect(JSON.stringify(lines)).not.toContain(headers.authorization.slice(7, 60));
  });
});

describe('route declarations', () => {
  it('are refused at start without a permission', async () => {
    const server = Fastify();
    guardRoutes(server);
    server.get('/open', async () => 'open');
    await expect(server.ready()).rejects.toThrow('route GET /open declares no permission');
  });

  it('do not compile without a permission', () => {
    const feature: FeatureRoutes = (routes) => {
      // @ts-expect-error the permission is missing
      routes.add({
        method: 'GET',
        url: '/open',
        operationId: 'open',
        summary: '',
        description: '',
        tag: 'kpi',
        success: { description: '', schema: z.string() },
        errors: [],
        handler: async () => 'open',
      });
      routes.add({
        method: 'GET',
        url: '/wrong',
        // @ts-expect-error there is no such permission
        permission: 'kpi:anything',
        operationId: 'wrong',
        summary: '',
        description: '',
        tag: 'kpi',
        success: { description: '', schema: z.string() },
        errors: [],
        handler: async () => 'wrong',
      });
    };
    expect(feature).toBeTypeOf('function');
  });
});

describe('load', () => {
  it('beyond what can be open at once is told to come back, and forgotten when it is over', async () => {
    const { app: server } = await app();
    const flood = await Promise.all(Array.from({ length: 300 }, () => server.inject('/fail/slow')));
    const refused = flood.filter((answer) => answer.statusCode === 503);
    expect(refused).toHaveLength(300 - 256);
    expect(refused[0].json().error.code).toBe('SERVICE_OVERLOADED');
    expect(refused[0].headers['retry-after']).toBe('5');
    expect((await server.inject('/fail/slow')).statusCode).toBe(504);
  });
});

describe('operation', () => {
  it('answers whether it is alive and ready', async () => {
    const { app: server } = await app({
      ping: async () => {
        throw new Error('ECONNREFUSED 10.0.0.1');
      },
    });
    expect((await server.inject('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await server.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json().error.code).toBe('STORE_UNAVAILABLE');
    expect(ready.body).not.toContain('10.0.0.1');
  });

  it('shows metrics to this machine only, with patterns as labels', async () => {
    const { app: server } = await app();
    await server.inject('/fail/store');
    await server.inject('/no/such/path/1');
    const text = (await server.inject({ url: '/metrics', remoteAddress: '127.0.0.1' })).body;
    expect(text).toContain('http_requests_total{method="GET",route="/fail/:how",status="503"} 1');
    expect(text).toContain('http_requests_total{method="GET",route="unknown",status="404"} 1');
    expect((await server.inject({ url: '/metrics', remoteAddress: '::ffff:127.0.0.1' })).statusCode).toBe(200);
    expect((await server.inject({ url: '/metrics', remoteAddress: '10.1.2.3' })).statusCode).toBe(403);
  });

  it('shows metrics to whoever has their token, once there is one', async () => {
    const { app: server } = await app({ config: { metricsToken: new Secret('m'.repeat(16)) } });
    const from = { url: '/metrics', remoteAddress: '10.1.2.3' };
    expect((await server.inject(from)).statusCode).toBe(401);
    expect((await server.inject({ ...from, remoteAddress: '127.0.0.1' })).statusCode).toBe(401);
    const headers = { authorization: `Bearer ${'m'.repeat(16)}` };
    expect((await server.inject({ ...from, headers })).statusCode).toBe(200);
  });

  it('takes a sane request id and replaces others', async () => {
    const { app: server } = await app();
    const idOf = async (id: string) =>
      (await server.inject({ url: '/healthz', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idOf('deploy-17.a:b_c')).toBe('deploy-17.a:b_c');
    expect(await idOf('two words')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has no CORS unless origins are set', async () => {
    const headers = { origin: 'https://dash.example.org' };
    const closed = await app();
    expect(
      (await closed.app.inject({ url: '/healthz', headers })).headers['access-control-allow-origin'],
    ).toBeUndefined();
    await closed.app.close();
    const { app: server } = await app({ config: { corsOrigins: ['https://dash.example.org'] } });
    const allowed = await server.inject({ url: '/healthz', headers });
    expect(allowed.headers['access-control-allow-origin']).toBe('https://dash.example.org');
    const other = await server.inject({ url: '/healthz', headers: { origin: 'https://evil.example' } });
    expect(other.headers['access-control-allow-origin']).not.toBe('https://evil.example');
  });
});

describe('documentation', () => {
  it('is OpenAPI 3.1 in which every operation has an id, a description, its permission and its errors', async () => {
    const { app: server } = await app();
    const document = (await server.inject('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual(['/echo', '/fail/{how}', '/healthz', '/metrics', '/readyz']);
    expect(document.paths['/echo'].post).toMatchObject({
      operationId: 'echo',
      security: [{ bearer: [] }],
      'x-permission': 'kpi:compare',
    });
    expect(Object.keys(document.paths['/echo'].post.responses).sort()).toEqual([
      '200',
      '400',
      '401',
      '403',
      '413',
      '415',
      '500',
      '503',
      '504',
    ]);
  });

  it('is read in a page that loads nothing from elsewhere', async () => {
    const { app: server } = await app();
    const page = await server.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'sha256-/);
    const api = await server.inject('/healthz');
    expect(api.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await server.inject('/docs/js/scalar.js')).statusCode).toBe(200);
    expect((await server.inject('/docs')).statusCode).toBe(301);
  });

  it('lists every error code', async () => {
    const { app: server } = await app();
    const page = (await server.inject('/docs/errors')).body;
    expect(page).toContain('id="DATA_VALIDATION_ERROR"');
    expect(page).toContain('id="STORE_UNAVAILABLE"');
  });
});
