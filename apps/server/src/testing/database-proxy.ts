import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionSettings } from '../platform/postgres/connection.ts';

const PORT = 5432;

/** A way to a database that can be cut, as when its server goes away. */
export interface DatabaseProxy {
  /** Settings that lead through it. */
  readonly connection: ConnectionSettings;
  /** Ends all connections, and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** Passes connections on to a database behind a unix socket. */
export async function createDatabaseProxy(target: ConnectionSettings): Promise<DatabaseProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-proxy-'));
  const sockets = new Set<Socket>();
  let server: Server | null = null;

  const restore = async (): Promise<void> => {
    const opened = createServer((client) => {
      const upstream = connectSocket(`${target.host}/.s.PGSQL.${target.port}`);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    server = opened;
    await new Promise<void>((resolve) => opened.listen(join(folder, `.s.PGSQL.${PORT}`), resolve));
  };
  const cut = async (): Promise<void> => {
    const closing = server;
    server = null;
    const closed = closing && new Promise((resolve) => closing.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await restore();
  return {
    connection: { ...target, host: folder, port: PORT },
    cut,
    restore,
    close: async () => {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
