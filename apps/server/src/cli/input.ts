import { splitNames, storableName } from '@pegboard/contracts';
import type { z } from 'zod';
import { type ErrorDetail, PegboardError } from '../platform/errors.ts';

/** Fields of the wire and the options that give them. */
export type OptionNames = Readonly<Record<string, string>>;

/**
 * Reads what the command line gives by the schema that the wire uses.
 * @throws PegboardError DATA_VALIDATION_ERROR that names each wrong option
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: Readonly<Record<string, unknown>>,
  options: OptionNames,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    return { path: options[path] ?? path, message: issue.message };
  });
  const message = details.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  throw new PegboardError('DATA_VALIDATION_ERROR', message, { details });
}

const FORMULA_PATH = /^peg_definitions\..+?\.formula/;
const FORMULA_PATHS = /(?<=^|; )peg_definitions\.(.+?)\.formula/g;

/** An error of a service speaks of fields of the wire; on the command line it speaks of options. */
export function inOptionNames(error: unknown, options: OptionNames): unknown {
  if (!(error instanceof PegboardError)) return error;
  const { code, hint, cause } = error;
  if (FORMULA_PATH.test(error.message)) {
    const inWords = (text: string) => text.replaceAll(FORMULA_PATHS, "--kpi '$1'");
    const said = error.details.map((detail): ErrorDetail => ({ ...detail, path: inWords(detail.path) }));
    return new PegboardError(code, inWords(error.message), {
      ...(hint === null ? {} : { hint }),
      details: said,
      cause,
    });
  }
  const field = Object.keys(options).find((name) => error.message.startsWith(`${name}: `));
  if (field === undefined) return error;
  const details = error.details.map(
    (detail): ErrorDetail => ({ ...detail, path: options[detail.path] ?? detail.path }),
  );
  const message = `${options[field]}${error.message.slice(field.length)}`;
  return new PegboardError(code, message, { ...(hint === null ? {} : { hint }), details, cause });
}

const DEFINITION = /^\s*([^=<>!{}]+?)\s*=(?!=)\s*(\S.*)$/s;

/** What `--kpi` gives, any number of times: a list of names, or `name=formula`. */
export function kpiOptions(given: readonly string[]): {
  readonly names: string[];
  readonly definitions: Readonly<Record<string, string>> | undefined;
} {
  const names: string[] = [];
  const definitions = new Map<string, string>();
  for (const text of given) {
    const [, name, formula] = DEFINITION.exec(text) ?? [];
    if (name === undefined || formula === undefined || text.trimStart().startsWith('"')) {
      names.push(...splitNames(text));
      continue;
    }
    const fault = definitions.has(name) ? 'is defined twice' : storableName.safeParse(name).error?.issues[0].message;
    if (fault !== undefined) throw new PegboardError('DATA_VALIDATION_ERROR', `--kpi: '${name}' ${fault}`);
    definitions.set(name, formula);
    names.push(name);
  }
  return { names, definitions: definitions.size > 0 ? Object.fromEntries(definitions) : undefined };
}

/**
 * The number that an option gives.
 * @throws PegboardError DATA_VALIDATION_ERROR
 */
export function numberOf(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new PegboardError('DATA_VALIDATION_ERROR', `${option}: '${text}' is no number`);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/**
 * The length of time, in seconds, that an option gives: `45s`, `15m`, `1h`, `90d`.
 * @param bareUnit what a number without a unit counts; null: it needs one
 * @throws PegboardError DATA_VALIDATION_ERROR
 */
export function secondsOf(option: string, text: string, bareUnit: 's' | 'm' | null): number {
  const match = /^(\d{1,9})\s*(s|m|min|h|d)?$/.exec(text.trim());
  const unit = UNIT_SECONDS[match?.[2] ?? bareUnit ?? ''];
  if (match && unit !== undefined) return Number(match[1]) * unit;
  throw new PegboardError('DATA_VALIDATION_ERROR', `${option}: '${text}' is no length of time`, {
    hint: 'Write a whole number and its unit: 15m, 1h or 7d.',
  });
}
