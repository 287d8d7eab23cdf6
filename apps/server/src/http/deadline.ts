import type { FastifyReply } from 'fastify';
import { PegboardError } from '../platform/errors.ts';

export interface Deadline {
  /** Aborted when the time is over or the client has gone away. */
  readonly signal: AbortSignal;
  /** Rejects with PROCESSING_TIMEOUT when the time is over. */
  readonly expired: Promise<never>;
}

/**
 * Bounds the time until an answer has been sent. An answer that has begun by then is cut off. (Fastify's own handler
 * timeout and `request.signal` end with the request's body, which is long before the answer to an upload.)
 */
export function startDeadline(reply: FastifyReply, timeoutMs: number): Deadline {
  const controller = new AbortController();
  const { promise: expired, reject } = Promise.withResolvers<never>();
  // Whoever races with it has been answered otherwise, or handles it there.
  expired.catch(() => {});
  const timer = setTimeout(() => {
    const error = new PegboardError('PROCESSING_TIMEOUT', `the answer took longer than ${timeoutMs} ms`);
    controller.abort(error);
    reject(error);
    if (reply.raw.headersSent) reply.raw.destroy(error);
  }, timeoutMs);
  timer.unref();
  reply.raw.once('finish', () => clearTimeout(timer));
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort();
  });
  return { signal: controller.signal, expired };
}
