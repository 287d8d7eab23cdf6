import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { createLogger } from '../platform/logging.ts';
import { answerClientError } from './client-error.ts';
import { startServer } from './server.ts';

const logger = createLogger({ level: 'silent' });
let apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps) await app.close();
  apps = [];
});

/** `/slow` answers when `release` is called. */
function slowApp() {
  const app = Fastify({
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket, systemClock),
  });
  apps.push(app);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  app.get('/slow', async () => {
    arrive();
    await released;
    return { done: true };
  });
  return { app, release, arrived };
}

const listenOptions = { host: '127.0.0.1', port: 0, logger };

describe('startServer', () => {
  it('lets open requests end when it closes, and takes no new ones', async () => {
    const { app, release, arrived } = slowApp();
    const server = await startServer({ ...listenOptions, app, shutdownTimeoutMs: 5000 });
    const answer = fetch(`${server.address}/slow`);
    await arrived;
    const closed = server.close();
    await expect(fetch(`${server.address}/slow`)).rejects.toThrow();
    release();
    expect(await (await answer).json()).toEqual({ done: true });
    await closed;
    await server.close();
  });

  it('cuts off requests that take too long to end', async () => {
    const { app, arrived } = slowApp();
    const server = await startServer({ ...listenOptions, app, shutdownTimeoutMs: 50 });
    const answer = fetch(`${server.address}/slow`);
    answer.catch(() => {});
    await arrived;
    await server.close();
    await expect(answer).rejects.toThrow();
  });

  it('says why it cannot listen', async () => {
    const first = await startServer({ ...listenOptions, app: slowApp().app, shutdownTimeoutMs: 50 });
    const port = Number(new URL(first.address).port);
    const second = startServer({ ...listenOptions, port, app: slowApp().app, shutdownTimeoutMs: 50 });
    await expect(second).rejects.toMatchObject({
      code: 'CONFIGURATION_ERROR',
      message: `cannot listen on 127.0.0.1:${port}: another process listens there`,
    });
  });

  it('answers what is no HTTP with a problem document', async () => {
    const server = await startServer({ ...listenOptions, app: slowApp().app, shutdownTimeoutMs: 50 });
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1');
    socket.write('hello there\r\n\r\n');
    const text = await textOf(socket);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(text.split('\r\n\r\n')[1])).toMatchObject({ status: 400, success: false });
  });
});
