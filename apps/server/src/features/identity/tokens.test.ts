import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../platform/clock.ts';
import { Secret } from '../../platform/secret.ts';
import type { Role } from './roles.ts';
import { createTokenService } from './tokens.ts';

const SECRET = 'correct horse battery staple 1234';
const KEY = new TextEncoder().encode(SECRET);
const NOW_S = 1_767_225_600;

function service() {
  const clock = manualClock(NOW_S * 1000);
  return { clock, tokens: createTokenService({ secret: new Secret(SECRET), clock }) };
}

/** A token that is good unless `change` makes it bad. */
function forged(change: (jwt: SignJWT) => SignJWT, { alg = 'HS256', key = KEY, role = 'admin' as unknown } = {}) {
  const jwt = new SignJWT({ role }).setProtectedHeader({ alg }).setSubject('kim').setIssuer('pegboard');
  jwt
    .setAudience('pegboard')
    .setIssuedAt(NOW_S)
    .setExpirationTime(NOW_S + 60);
  return change(jwt).sign(key);
}

describe('tokens', () => {
  it('say who one is', async () => {
    const { tokens } = service();
    const token = await tokens.createToken({ user: 'kim@example.org', role: 'analyst', expiresInS: 60 });
    const verified = await tokens.verifyToken(token);
    expect(verified).toEqual({ status: 'ok', principal: { user: 'kim@example.org', role: 'analyst' } });
  });

  it('expire, with 30 s for clocks that differ', async () => {
    const { tokens, clock } = service();
    const token = await tokens.createToken({ user: 'kim', role: 'viewer', expiresInS: 60 });
    clock.advance(89_000);
    expect((await tokens.verifyToken(token)).status).toBe('ok');
    clock.advance(2000);
    expect(await tokens.verifyToken(token)).toEqual({ status: 'expired' });
  });

  it('are good when made like this, so that the next tests fail for their own reasons', async () => {
    expect((await service().tokens.verifyToken(await forged((jwt) => jwt))).status).toBe('ok');
  });

  it.each([
    ['another issuer', (jwt: SignJWT) => jwt.setIssuer('someone')],
    ['another audience', (jwt: SignJWT) => jwt.setAudience('grafana')],
    ['no user', (jwt: SignJWT) => jwt.setSubject('')],
    ['a begin in the future', (jwt: SignJWT) => jwt.setNotBefore(NOW_S + 60)],
  ])('are refused with %s', async (_what, change) => {
    expect(await service().tokens.verifyToken(await forged(change))).toEqual({ status: 'invalid' });
  });

  it('are refused with another key, algorithm or role, without an expiry, unsigned, or torn', async () => {
    const { tokens } = service();
    const good = await forged((jwt) => jwt);
    const immortal = new SignJWT({ role: 'admin' }).setProtectedHeader({ alg: 'HS256' }).setSubject('kim');
    immortal.setIssuer('pegboard').setAudience('pegboard').setIssuedAt(NOW_S);
    const unsigned = new UnsecuredJWT({ role: 'admin' }).setSubject('kim').setIssuer('pegboard');
    const bad = [
      await forged((jwt) => jwt, { key: new TextEncoder().encode('x'.repeat(32)) }),
      await forged((jwt) => jwt, { alg: 'HS512', key: new Uint8Array([...KEY, ...KEY]) }),
      await forged((jwt) => jwt, { alg: 'HS384', key: KEY }).catch(() => 'a.b.c'),
      await forged((jwt) => jwt, { role: 'root' }),
      await forged((jwt) => jwt, { role: ['admin'] }),
      await immortal.sign(KEY),
      unsigned
        .setAudience('pegboard')
        .setIssuedAt(NOW_S)
        .setExpirationTime(NOW_S + 60)
        .encode(),
      good.slice(0, -3),
      '',
      'x',
    ];
    for (const token of bad) expect(await tokens.verifyToken(token), token).toEqual({ status: 'invalid' });
  });

  it.each([
    { user: '', role: 'viewer' as Role, expiresInS: 60 },
    { user: 'a b\n', role: 'viewer' as Role, expiresInS: 60 },
    { user: 'kim', role: 'root' as Role, expiresInS: 60 },
    { user: 'kim', role: 'viewer' as Role, expiresInS: 0 },
    { user: 'kim', role: 'viewer' as Role, expiresInS: 1e9 },
  ])('are not made for %o', async (request) => {
    await expect(service().tokens.createToken(request)).rejects.toMatchObject({ code: 'DATA_VALIDATION_ERROR' });
  });
});
