import { composeTokens } from '../../compose.ts';
import { isRole, ROLES } from '../../features/identity/roles.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { Command } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';

export interface TokenCreateOptions {
  readonly user: string;
  readonly role: string;
  readonly expires: string;
  readonly json: boolean;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

export const tokenCreate: Command<TokenCreateOptions> = async (context, options) => {
  if (!isRole(options.role)) {
    throw new PegboardError('DATA_VALIDATION_ERROR', `--role: '${options.role}' is no role`, {
      hint: `Use one of ${ROLES.join(', ')}.`,
    });
  }
  const expiresInS = lifetime(options.expires);
  const tokens = await composeTokens(context.config);
  const token = await tokens.createToken({ user: options.user, role: options.role, expiresInS });
  const answer = { token, user: options.user, role: options.role, expires_in_s: expiresInS };
  await context.print(options.json ? `${JSON.stringify(answer)}\n` : `${token}\n`);
  return EXIT_CODES.ok;
};

function lifetime(text: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const unit = UNIT_SECONDS[match?.[2] ?? ''];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new PegboardError('DATA_VALIDATION_ERROR', `--expires: '${text}' is no time span`, {
    hint: 'Write 30m, 12h or 90d.',
  });
}
