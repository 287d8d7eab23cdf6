/** One measured object in one granularity period. Valid during the call that hands it on: all of it is used again. */
export interface ScannedObject {
  ldn: string;
  beginMs: number;
  granularityS: number;
  /** How many results the object has. */
  results: number;
  /** Of each result, the name of its counter. */
  readonly counters: string[];
  /** Of each result, the index in `numbers` behind its last number. */
  readonly ends: Int32Array;
  /** NaN where a value is missing. */
  readonly numbers: Float64Array;
}

/** The `measType` elements of a `measInfo`, and the names that they give to each `p`. */
interface CounterNames {
  readonly written: Buffer;
  readonly byP: readonly string[];
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const COMMA = 0x2c;
const QUOTE = 0x22;
const SPACE = 0x20;
const MINUS = 0x2d;
const POINT = 0x2e;
const LETTER_G = 0x67;
const LETTER_M = 0x6d;
const LETTER_R = 0x72;
const INFO = 0x49;
const TYPE = 0x54;
const VALUE = 0x56;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** The counters of each `measInfo` of the file before: mostly they are the same. */
const namesByPlace: CounterNames[] = [];

const object: ScannedObject = {
  ldn: '',
  beginMs: 0,
  granularityS: 0,
  results: 0,
  counters: [],
  ends: new Int32Array(1 << 16),
  numbers: new Float64Array(1 << 20),
};
let writtenPeriod = '';
/** The number last read by `unusualNumber`. */
const unusual = new Float64Array(1);

/**
 * The work of reading a TS 32.435 file without any of its checks: of each `measValue` the object's name and granularity
 * period, and of each `<r p="…">` the counter's name and the numbers. It looks at no more than it needs to find the next
 * thing, and makes anything of a file that is not as expected.
 */
export function scanMeasurements(bytes: Buffer, take: (object: ScannedObject) => void): void {
  const { counters, ends, numbers } = object;
  const end = bytes.length - 12;
  let names: readonly string[] = [];
  let place = -1;
  let results = 0;
  let count = 0;
  let at = 0;
  while (at < end) {
    if (bytes[at] !== LESS) {
      at++;
      continue;
    }
    const letter = bytes[at + 1];
    if (letter === LETTER_R && bytes[at + 2] === SPACE) {
      at += 6;
      let p = 0;
      for (; bytes[at] !== QUOTE; at++) p = p * 10 + bytes[at] - 48;
      at += 2;
      for (;;) {
        const start = at;
        let value = 0;
        let byte = bytes[at];
        while (byte >= 48 && byte <= 57) {
          value = value * 10 + byte - 48;
          byte = bytes[++at];
        }
        if (at === start || (byte !== COMMA && byte !== LESS)) {
          at = unusualNumber(bytes, start);
          byte = bytes[at];
          value = unusual[0];
        }
        numbers[count++] = value;
        if (byte === LESS) break;
        at++;
      }
      counters[results] = names[p];
      ends[results++] = count;
      at += 4;
    } else if (letter === SLASH) {
      if (bytes[at + 2] === LETTER_M && bytes[at + 6] === VALUE) {
        object.results = results;
        take(object);
      }
      at += 4;
    } else if (letter === LETTER_M && bytes[at + 5] === VALUE) {
      at += 23;
      const start = at;
      while (bytes[at] !== QUOTE) at++;
      object.ldn = bytes.toString('latin1', start, at);
      results = 0;
      count = 0;
    } else if (letter === LETTER_M && bytes[at + 5] === INFO) {
      place++;
      at += 9;
    } else if (letter === LETTER_M && bytes[at + 5] === TYPE) {
      const known = namesByPlace[place];
      const list = known !== undefined && isAt(known, bytes, at) ? known : readNames(bytes, at, place);
      names = list.byP;
      at += list.written.length;
    } else if (letter === LETTER_G) {
      const start = at;
      while (bytes[at] !== GREATER) at++;
      readPeriod(bytes.toString('latin1', start, at));
    } else at++;
  }
}

function isAt({ written }: CounterNames, bytes: Buffer, at: number): boolean {
  return bytes.compare(written, 0, written.length, at, Math.min(at + written.length, bytes.length)) === 0;
}

/** Reads `<measType p="1">name</measType>` and those that follow. */
function readNames(bytes: Buffer, start: number, place: number): CounterNames {
  const byP: string[] = [];
  let at = start;
  let behind = start;
  while (bytes[at + 5] === TYPE) {
    at += 13;
    let p = 0;
    for (; bytes[at] !== QUOTE; at++) p = p * 10 + bytes[at] - 48;
    const name = at + 2;
    while (bytes[at] !== LESS) at++;
    byP[p] = bytes.toString('latin1', name, at);
    behind = at + 11;
    at = bytes.indexOf(LESS, behind);
  }
  namesByPlace[place] = { written: Buffer.from(bytes.subarray(start, behind)), byP };
  return namesByPlace[place];
}

/** Reads what is no whole number: spaces, a sign, a fraction. Returns the index behind it. */
function unusualNumber(bytes: Buffer, start: number): number {
  let at = start;
  while (bytes[at] === SPACE) at++;
  const sign = bytes[at] === MINUS ? -1 : 1;
  if (sign < 0) at++;
  const digits = at;
  let value = 0;
  let pointAt = -1;
  for (; bytes[at] !== COMMA && bytes[at] !== LESS; at++) {
    if (bytes[at] === POINT) pointAt = at;
    else value = value * 10 + bytes[at] - 48;
  }
  if (pointAt >= 0) value /= POWERS_OF_TEN[at - pointAt - 1];
  unusual[0] = at === digits ? Number.NaN : sign * value;
  return at;
}

/** Reads `<granPeriod duration="PT900S" endTime="2026-01-01T00:15:00Z"`. */
function readPeriod(written: string): void {
  if (written === writtenPeriod) return;
  const [, duration, , endTime] = written.split('"');
  object.granularityS = Number(duration.slice(2, -1));
  object.beginMs = Date.parse(endTime) - object.granularityS * 1000;
  writtenPeriod = written;
}
