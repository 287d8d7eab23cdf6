import fc from 'fast-check';

/** A value as a file writes it, and the numbers that it stands for: by element of a vector, -1 for a scalar. */
export interface WrittenValue {
  readonly text: string;
  readonly numbers: ReadonlyMap<number, number>;
}

const decimal = fc.oneof(
  fc.constantFrom('0', '0.000000', '-0', '007', '.5', '5.', '+4', '-.25', '1e3', '2.5E-3', '0.1234567890123456789'),
  fc.constantFrom(
    '123456789012345',
    '9007199254740993',
    '-12345678901234567890',
    '1e-400',
    '5e-324',
    '1.7976931348623157e308',
  ),
  fc.integer().map(String),
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
);

const numberOf = (text: string) => Number(text) + 0;

const scalar = decimal.map((text): WrittenValue => ({ text, numbers: new Map([[-1, numberOf(text)]]) }));

const vector = fc
  .array(fc.option(decimal, { nil: '', freq: 5 }), { minLength: 2, maxLength: 6 })
  .map((elements): WrittenValue => {
    const numbers = elements.flatMap((text, i) => (text === '' ? [] : [[i, numberOf(text)] as const]));
    return { text: elements.join(','), numbers: new Map(numbers) };
  });

const nothing = (words: readonly string[]) =>
  fc.constantFrom(...words).map((text): WrittenValue => ({ text, numbers: new Map() }));

/** Values of a format in which a counter may be a vector, and these words say that there is no value. */
export function valuesWithVectors(missing: readonly string[]): fc.Arbitrary<WrittenValue> {
  return fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 2, arbitrary: vector }, nothing(missing));
}

/** Values of a format without vectors. */
export function scalarValues(missing: readonly string[]): fc.Arbitrary<WrittenValue> {
  return fc.oneof({ weight: 4, arbitrary: scalar }, nothing(missing));
}
