import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isAllowed, leastRole, type Permission } from '../features/identity/roles.ts';
import type { TokenService } from '../features/identity/tokens.ts';
import { PegboardError } from '../platform/errors.ts';
import type { Secret } from '../platform/secret.ts';
import type { Authorize } from './routes.ts';

/**
 * Checks the bearer token of a request and that its role has the permission; sets `request.principal`.
 * @throws PegboardError UNAUTHENTICATED or PERMISSION_DENIED.
 */
export function createAuthorize(tokens: Pick<TokenService, 'verifyToken'>): Authorize {
  return async (request, permission) => {
    const token = bearerToken(request);
    if (token === null) {
      throw new PegboardError('UNAUTHENTICATED', 'a bearer token is required', {
        hint: 'send the header Authorization: Bearer <token>; pegboard token create makes a token',
      });
    }
    const verification = await tokens.verifyToken(token);
    if (verification.status !== 'ok') throw badToken(verification.status);
    request.principal = verification.principal;
    requirePermission(verification.principal.role, permission);
  };
}

/** The token of the Authorization header; null where there is none of the scheme Bearer. */
export function bearerToken(request: FastifyRequest): string | null {
  return request.headers.authorization?.match(/^Bearer +([^\s]+) *$/i)?.[1] ?? null;
}

/** Whether a token is the expected one, in a time that does not tell how much of it is right. */
export function isSameToken(given: string, expected: Secret): boolean {
  return timingSafeEqual(digest(given), digest(expected.reveal()));
}

function requirePermission(role: Parameters<typeof isAllowed>[0], permission: Permission): void {
  if (isAllowed(role, permission)) return;
  throw new PegboardError(
    'PERMISSION_DENIED',
    `the role ${role} does not have the permission ${permission}; it takes the role ${leastRole(permission)}`,
  );
}

function badToken(status: 'expired' | 'invalid'): PegboardError {
  const message = status === 'expired' ? 'the token has expired' : 'the token is not valid';
  return new PegboardError('UNAUTHENTICATED', message, { details: [{ path: 'authorization', message }] });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
