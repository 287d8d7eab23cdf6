import { composeTokens } from '../../compose.ts';
import { isRole, ROLES } from '../../features/identity/roles.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { secondsOf } from '../input.ts';

export interface TokenCreateOptions {
  readonly user: string;
  readonly role: string;
  readonly expires: string;
  readonly json: boolean;
}

export const tokenCreate: Command<TokenCreateOptions> = async (context, options) => {
  if (!isRole(options.role)) {
    throw new PegboardError('DATA_VALIDATION_ERROR', `--role: '${options.role}' is no role`, {
      hint: `Use one of ${ROLES.join(', ')}.`,
    });
  }
  const expiresInS = secondsOf('--expires', options.expires, null);
  const tokens = await composeTokens(context.config);
  const token = await tokens.createToken({ user: options.user, role: options.role, expiresInS });
  const answer = { token, user: options.user, role: options.role, expires_in_s: expiresInS };
  await context.print(options.json ? `${JSON.stringify(answer)}\n` : `${token}\n`);
  return EXIT_CODES.ok;
};
