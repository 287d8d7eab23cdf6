import type { FastifyInstance } from 'fastify';
import { PegboardError } from '../platform/errors.ts';
import type { Logger } from '../platform/logging.ts';

export interface ServerOptions {
  readonly app: FastifyInstance;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Time that open requests are given once the server closes, ms. */
  readonly shutdownTimeoutMs: number;
  readonly logger: Logger;
}

export interface RunningServer {
  /** Where it listens, e.g. `http://127.0.0.1:8000`. */
  readonly address: string;
  /** Takes no new requests, lets the open ones end, and cuts off those that take too long. May be called repeatedly. */
  close(): Promise<void>;
}

/**
 * Listens.
 * @throws PegboardError CONFIGURATION_ERROR when the address cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { app, host, port, logger } = options;
  const address = await app.listen({ host, port }).catch((error: unknown) => {
    throw listenError(error, host, port);
  });
  logger.info({ address }, 'listening');
  let closing: Promise<void> | null = null;
  return {
    address,
    close: () => {
      closing ??= drain(options);
      return closing;
    },
  };
}

function listenError(error: unknown, host: string, port: number): PegboardError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another process listens there',
    EACCES: 'this user may not listen there',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no such host',
  };
  const reason = typeof code === 'string' ? (reasons[code] ?? code) : String(error);
  return new PegboardError('CONFIGURATION_ERROR', `cannot listen on ${host}:${port}: ${reason}`, {
    hint: 'choose another by --host and --port',
    cause: error,
  });
}

async function drain({ app, logger, shutdownTimeoutMs }: ServerOptions): Promise<void> {
  logger.info('draining');
  const cut = setTimeout(() => {
    logger.warn({ shutdownTimeoutMs }, 'cutting off requests that are still open');
    app.server.closeAllConnections();
  }, shutdownTimeoutMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
