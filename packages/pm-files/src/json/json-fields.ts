/** Reading fields of parsed JSON that may be of any shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field of an object; undefined where there is none, or no object. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A text without white space at its ends; null where it is none or empty. */
export function textField(value: unknown, name: string): string | null {
  const text = field(value, name);
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** A number, also one written as a text; null where it is none. */
export function numberField(value: unknown, name: string): number | null {
  const given = field(value, name);
  const number = typeof given === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(given) ? Number(given) : given;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
