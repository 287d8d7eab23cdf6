import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Secret } from '../../platform/secret.ts';
import { isRole, type Principal, ROLES, type Role } from './roles.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'pegboard';
const AUDIENCE = 'pegboard';
/** Clocks of the machines that issue and check tokens may differ by this much. */
const CLOCK_SKEW_S = 30;
/** Longer-lived credentials than this are a mistake. */
const MAX_LIFETIME_S = 366 * 24 * 3600;
const USER_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,127}$/u;

export interface TokenRequest {
  readonly user: string;
  readonly role: Role;
  readonly expiresInS: number;
}

export type TokenVerification =
  | { readonly status: 'ok'; readonly principal: Principal }
  | { readonly status: 'expired' }
  | { readonly status: 'invalid' };

export interface TokenService {
  /**
   * A signed JWT (HS256).
   * @throws PegboardError DATA_VALIDATION_ERROR for a bad user name, role or lifetime.
   */
  createToken(request: TokenRequest): Promise<string>;
  /** Checks signature, algorithm, issuer, audience, expiry and role. Never rejects because of the token. */
  verifyToken(token: string): Promise<TokenVerification>;
}

/** Issues and checks bearer tokens. `secret` is used by its UTF-8 bytes. */
export function createTokenService(options: { readonly secret: Secret; readonly clock: Clock }): TokenService {
  const key = new TextEncoder().encode(options.secret.reveal());
  const { clock } = options;

  return {
    async createToken(request) {
      checkRequest(request);
      const issuedAtS = Math.floor(clock.nowMs() / 1000);
      return new SignJWT({ role: request.role })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setSubject(request.user)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setJti(randomUUID())
        .setIssuedAt(issuedAtS)
        .setExpirationTime(issuedAtS + request.expiresInS)
        .sign(key);
    },

    async verifyToken(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTolerance: CLOCK_SKEW_S,
          requiredClaims: ['sub', 'exp', 'iat', 'role'],
          currentDate: new Date(clock.nowMs()),
        });
        const { sub, role } = payload;
        if (sub === undefined || sub === '' || !isRole(role)) return { status: 'invalid' };
        return { status: 'ok', principal: { user: sub, role } };
      } catch (error) {
        if (error instanceof errors.JWTExpired) return { status: 'expired' };
        if (error instanceof errors.JOSEError) return { status: 'invalid' };
        throw error;
      }
    },
  };
}

function checkRequest(request: TokenRequest): void {
  if (!USER_PATTERN.test(request.user)) {
    throw invalid('user', 'a user name has 1 to 128 letters, digits or . _ @ + -, and begins with a letter or digit');
  }
  if (!isRole(request.role)) throw invalid('role', `the role must be one of ${ROLES.join(', ')}`);
  const seconds = request.expiresInS;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LIFETIME_S) {
    throw invalid('expires_in', `a token lives for 1 second to ${MAX_LIFETIME_S / 86_400} days`);
  }
}

function invalid(path: string, message: string): PegboardError {
  return new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path, message }] });
}
