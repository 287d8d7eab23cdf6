import type { z } from 'zod';
import { PegboardError } from '../platform/errors.ts';

/**
 * Reads what the command line gives by the schema that the wire uses.
 * @throws PegboardError DATA_VALIDATION_ERROR that names each wrong value
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const message = details.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new PegboardError('DATA_VALIDATION_ERROR', message, { details });
}
