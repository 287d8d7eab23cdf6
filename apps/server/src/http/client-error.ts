import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ErrorCode } from '@pegboard/contracts';
import type { Clock } from '../platform/clock.ts';
import { PegboardError } from '../platform/errors.ts';
import { problemBody, problemHeaders } from './problem.ts';

const STATUS_LINES: Readonly<
  Record<string, { readonly line: string; readonly code: ErrorCode; readonly message: string }>
> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    code: 'PAYLOAD_TOO_LARGE',
    message: 'the headers of the request are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    code: 'DATA_VALIDATION_ERROR',
    message: 'the request took too long to arrive',
  },
};
const MALFORMED = {
  line: '400 Bad Request',
  code: 'DATA_VALIDATION_ERROR',
  message: 'this is no HTTP request',
} as const satisfies { line: string; code: ErrorCode; message: string };

/** Answers what is no HTTP request, in the shape of all errors, and closes the connection. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, clock: Clock): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, code, message } = STATUS_LINES[error.code ?? ''] ?? MALFORMED;
  const problem = new PegboardError(code, message);
  const body = JSON.stringify({
    ...problemBody(problem, randomUUID(), clock.nowMs()),
    status: Number(line.slice(0, 3)),
  });
  const headers = {
    ...problemHeaders(problem),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${line}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}
