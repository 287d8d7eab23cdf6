import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { isPegboardError, PegboardError } from '../platform/errors.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Secret } from '../platform/secret.ts';
import { bearerToken, isSameToken } from './authorize.ts';
import { type FeatureRoutes, PUBLIC } from './routes.ts';

const health = z.object({ status: z.literal('ok').describe('Always `ok`.') }).describe('The process answers.');

export interface OperationDependencies {
  /** Rejects when a store cannot be used. */
  readonly ping: () => Promise<void>;
  readonly metrics: Metrics;
  /** Null: `/metrics` answers loopback addresses only. */
  readonly metricsToken: Secret | null;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function operationRoutes({ ping, metrics, metricsToken }: OperationDependencies): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'GET',
      url: '/healthz',
      permission: PUBLIC,
      operationId: 'getHealth',
      summary: 'Whether the process is alive',
      description: 'Answers as long as the process can answer; looks at nothing else.',
      tag: 'operation',
      success: { description: 'Alive.', schema: health },
      errors: [],
      handler: async () => ({ status: 'ok' as const }),
    });
    routes.add({
      method: 'GET',
      url: '/readyz',
      permission: PUBLIC,
      operationId: 'getReadiness',
      summary: 'Whether requests can be served',
      description: 'Answers 200 when the stores are reachable and their migrations are done, else 503.',
      tag: 'operation',
      success: { description: 'Ready.', schema: health },
      errors: ['STORE_UNAVAILABLE'],
      handler: async () => {
        await ping().catch((error: unknown) => {
          if (isPegboardError(error)) throw error;
          throw new PegboardError('STORE_UNAVAILABLE', 'the KPI store does not answer', { cause: error });
        });
        return { status: 'ok' as const };
      },
    });
    routes.add({
      method: 'GET',
      url: '/metrics',
      permission: PUBLIC,
      operationId: 'getMetrics',
      summary: 'Metrics for Prometheus',
      description:
        'Open to loopback addresses; or, once a token is set for it, to whoever sends that as a bearer token, and to nobody else.',
      tag: 'operation',
      success: { description: 'Text exposition format.', schema: z.string(), mediaType: 'text/plain' },
      errors: ['UNAUTHENTICATED', 'PERMISSION_DENIED'],
      handler: async ({ request, reply }) => {
        if (metricsToken === null) requireLoopback(request.ip);
        else if (!isSameToken(bearerToken(request) ?? '', metricsToken)) {
          throw new PegboardError('UNAUTHENTICATED', 'the token of the metrics is required');
        }
        return reply.type(metrics.contentType).send(await metrics.render());
      },
    });
  };
}

function requireLoopback(address: string): void {
  const plain = address.replace(/^::ffff:/i, '');
  const loopback = (isIPv4(plain) && plain.startsWith('127.')) || (isIPv6(plain) && plain === '::1');
  if (loopback) return;
  throw new PegboardError('PERMISSION_DENIED', 'metrics are for this machine only, as no token is set for them', {
    hint: 'set PEGBOARD_METRICS_TOKEN to read them from elsewhere',
  });
}
