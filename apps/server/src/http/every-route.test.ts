import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAllowed, type Permission, ROLES } from '../features/identity/roles.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, { description: string; content: Record<string, { schema: object }> }>>;
  readonly 'x-permission': Permission | 'public';
}

let server: TestApp;
let operations: Operation[];
let openApi: { tags: { name: string }[] };

beforeAll(async () => {
  server = await createTestApp();
  openApi = (await server.app.inject('/openapi.json')).json();
  const { paths } = openApi as unknown as { paths: Record<string, Record<string, Omit<Operation, 'path' | 'method'>>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  );
});
afterAll(() => server.close());

describe('the permissions of the routes', () => {
  it('are these', () => {
    const table = operations.map(({ method, path, ...rest }) => `${method} ${path} ${rest['x-permission']}`).sort();
    expect(table).toEqual([
      'delete /api/ingest/quarantine/{id} ingest:discard',
      'delete /api/master/kpis/{name} master:write',
      'get /api/ingest/files ingest:read',
      'get /api/ingest/quarantine ingest:read',
      'get /api/kpi/coverage master:read',
      'get /api/master/cells master:read',
      'get /api/master/families master:read',
      'get /api/master/kpis master:read',
      'get /api/master/ne master:read',
      'get /api/master/pegs master:read',
      'get /healthz public',
      'get /metrics public',
      'get /readyz public',
      'post /api/compare kpi:compare',
      'post /api/ingest kpi:ingest',
      'post /api/ingest/quarantine/{id}/retry kpi:ingest',
      'post /api/kpi/query kpi:read',
      'post /api/kpi/statistics/batch kpi:read',
      'put /api/master/kpis/{name} master:write',
      'put /api/master/pegs/{name} master:write',
    ]);
  });

  it('cover every route of the app but the documentation', () => {
    const documented = new Set(operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
    const others = server.app.declaredRoutes
      .filter(({ method }) => method !== 'HEAD')
      .filter(({ method, url }) => !documented.has(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`))
      .map(({ url, permission }) => `${url} ${permission}`);
    expect(others.sort()).toEqual([
      '/docs public',
      '/docs/ public',
      '/docs/errors public',
      '/docs/js/scalar.js public',
      '/openapi.json public',
    ]);
  });

  it('are asked for by every operation: of nobody and of each role', async () => {
    for (const operation of operations) {
      const { path, method, 'x-permission': permission } = operation;
      const request = {
        method: method.toUpperCase() as 'GET',
        url: path.replace('{name}', 'x').replace('{id}', '1'),
        remoteAddress: '127.0.0.1',
      };
      const what = `${method} ${path}`;
      const anonymous = await server.as(null, request);
      if (permission === 'public') {
        expect(anonymous.statusCode, what).toBe(200);
        continue;
      }
      expect(anonymous.statusCode, what).toBe(401);
      expect(anonymous.headers['www-authenticate'], what).toBe('Bearer realm="pegboard"');
      for (const role of ROLES) {
        const { statusCode } = await server.as(role, request);
        if (isAllowed(role, permission)) expect([401, 403], `${what} as ${role}`).not.toContain(statusCode);
        else expect(statusCode, `${what} as ${role}`).toBe(403);
      }
    }
  });

  it('give roles what they should: each more than the one before', () => {
    const allowed = (role: (typeof ROLES)[number]) =>
      operations
        .filter((one) => one['x-permission'] !== 'public' && isAllowed(role, one['x-permission']))
        .map((one) => one.operationId)
        .sort();
    const viewer = [
      'coverKpis',
      'listCells',
      'listFamilies',
      'listIngestedFiles',
      'listKpis',
      'listNetworkElements',
      'listPegs',
      'listQuarantine',
      'queryKpis',
      'summarizeKpis',
    ];
    expect(allowed('viewer')).toEqual(viewer);
    const analyst = [...viewer, 'comparePeriods', 'ingestFiles', 'retryQuarantined'];
    expect(allowed('analyst')).toEqual(analyst.sort());
    expect(allowed('admin')).toEqual([...analyst, 'discardQuarantined', 'removeKpi', 'updateKpi', 'updatePeg'].sort());
  });
});

describe('the API description', () => {
  it('has for each operation an id of its own, a summary, a description and a known tag', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = openApi.tags.map(({ name }) => name);
    for (const { path, method, operationId, summary, description, tags: own } of operations) {
      expect(
        [operationId, summary, description].every((text) => (text ?? '') !== ''),
        `${method} ${path}`,
      ).toBe(true);
      expect(tags, `${method} ${path}`).toContain(own?.[0]);
    }
  });

  it('has for each operation its error responses, as problem documents', () => {
    for (const { path, method, responses, security, 'x-permission': permission } of operations) {
      const what = `${method} ${path}`;
      const expected = ['200', '500', '503', '504', ...(permission === 'public' ? [] : ['401', '403'])];
      expect(Object.keys(responses), what).toEqual(expect.arrayContaining(expected));
      expect(security, what).toEqual(permission === 'public' ? [] : [{ bearer: [] }]);
      for (const [status, response] of Object.entries(responses)) {
        expect(response.description, `${what} ${status}`).not.toBe('');
        if (status !== '200') expect(Object.keys(response.content), what).toEqual(['application/problem+json']);
      }
    }
  });

  it('shows the alternatives and the multipart body', () => {
    const named = (id: string) => JSON.stringify(operations.find(({ operationId }) => operationId === id));
    expect(named('queryKpis')).toContain('application/x-ndjson');
    expect(named('queryKpis')).toContain('text/csv');
    expect(named('ingestFiles')).toContain('multipart/form-data');
  });
});
