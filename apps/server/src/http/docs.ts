import { createHash } from 'node:crypto';
import swagger from '@fastify/swagger';
import { ERROR_CODES } from '@pegboard/contracts';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { declarePublic } from './routes.ts';

const transformSchema = createJsonSchemaTransform({ zodToJsonConfig: { target: 'draft-2020-12' } });

/** Gathers the OpenAPI 3.1 description of all routes that are declared after it. */
export async function registerOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Pegboard',
        version,
        description:
          'What got better and what got worse between two periods, for every performance counter (PEG) of every cell. Errors are `application/problem+json`; their codes are listed at [/docs/errors](/docs/errors).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      tags: [
        { name: 'compare', description: 'Two periods compared.' },
        { name: 'kpi', description: 'Samples and statistics of PEGs.' },
        { name: 'master', description: 'What is known: PEGs, network elements, cells.' },
        { name: 'ingest', description: 'PM files.' },
        { name: 'operation', description: 'Health and metrics.' },
      ],
    },
    transform: (document) => {
      const { schema, url } = transformSchema(document);
      const multipart = document.route.config?.multipart;
      return { url, schema: multipart ? { ...schema, body: multipartBody(multipart) } : schema };
    },
  });
}

function multipartBody({ field, description }: { readonly field: string; readonly description: string }) {
  const items = { type: 'string', contentMediaType: 'application/octet-stream' };
  return { type: 'object', required: [field], properties: { [field]: { type: 'array', items, description } } };
}

/** `/openapi.json`, the reader at `/docs` and the list of error codes at `/docs/errors`. Nothing is loaded from elsewhere. */
export async function registerDocs(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    declarePublic(scope);
    const hidden = { hide: true };
    scope.get('/openapi.json', { schema: hidden }, async () => app.swagger());
    scope.get('/docs/errors', { schema: hidden }, async (_request, reply) => reply.type(HTML).send(errorPage()));
    // The bundle is several megabytes: it is loaded only by processes that serve.
    const { default: reference } = await import('@scalar/fastify-api-reference');
    await scope.register(reference, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Pegboard API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    });
    scope.addHook('onSend', async (request, reply, payload) => {
      const page = String(reply.getHeader('content-type')).startsWith(HTML) && typeof payload === 'string';
      if (page) reply.header('content-security-policy', pagePolicy(payload));
      if (request.url.endsWith('.js')) reply.header('cache-control', 'public, max-age=3600');
      return payload;
    });
  });
}

const HTML = 'text/html; charset=utf-8';

/** Only scripts of this server and those that the page itself holds, by their hashes. */
function pagePolicy(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
  const hashes = inline.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return [
    "default-src 'self'",
    `script-src ${["'self'", ...hashes].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function errorPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { status, title, retryable }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${retryable ? 'yes' : 'no'}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pegboard error codes</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.3rem .8rem;text-align:left}tr:target{background:#ffc}</style>
</head><body><h1>Error codes</h1>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>The same request may succeed later</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></body></html>
`;
}
