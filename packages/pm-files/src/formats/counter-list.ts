import { ByteBuffer } from '../values/byte-buffer.ts';
import type { CounterColumn, KnownList } from '../values/known-list.ts';

/** Why a list of counters is of no use. */
export interface CounterListProblem {
  readonly code: string;
  readonly message: string;
}

const UNIT_SEPARATOR = 0x1f;
const RECORD_SEPARATOR = 0x1e;

/**
 * The counters that a `measInfo` announces, kept as bytes until they are needed: most lists were seen before and are
 * recognised by the bytes. XML allows neither separator in a text.
 */
export class CounterList {
  /** Whether an element says its `p`. */
  hasWrittenP = false;
  readonly #bytes = new ByteBuffer();
  #known: KnownList | null = null;

  clear(): void {
    this.hasWrittenP = false;
    this.#bytes.clear();
    this.#known = null;
  }

  /** Bytes gathered so far. */
  get length(): number {
    return this.#known === null ? this.#bytes.length : this.#known.key.length;
  }

  /** The list, where it was recognised as a whole and nothing came after it. */
  get known(): KnownList | null {
    return this.#known;
  }

  /** Takes a whole list that says its `p`, instead of its counters one by one. The list must be empty. */
  adopt(known: KnownList): void {
    this.hasWrittenP = true;
    this.#known = known;
  }

  /** Adds one counter; `p` null where it is not written, and its place counts. */
  add(p: number | string | null, name: ByteBuffer): void {
    this.#expand();
    if (p !== null) this.hasWrittenP = true;
    this.#bytes.appendLatin1(p === null ? '' : String(p));
    this.#bytes.appendByte(UNIT_SEPARATOR);
    this.#bytes.append(name.bytes, 0, name.length);
    this.#bytes.appendByte(RECORD_SEPARATOR);
  }

  /** Adds one counter whose `p`, in digits without leading zeros, and name are written in bytes. */
  addPlain(bytes: Uint8Array, p: number, pEnd: number, name: number, nameEnd: number): void {
    this.#expand();
    this.hasWrittenP = true;
    this.#bytes.append(bytes, p, pEnd);
    this.#bytes.appendByte(UNIT_SEPARATOR);
    this.#bytes.append(bytes, name, nameEnd);
    this.#bytes.appendByte(RECORD_SEPARATOR);
  }

  /** Adds a list of names separated by white space. */
  addNames(names: ByteBuffer): void {
    this.#expand();
    this.#bytes.append(names.bytes, 0, names.length);
    this.#bytes.appendByte(RECORD_SEPARATOR);
  }

  /** Identifies the list. */
  key(): string {
    return this.#bytes.latin1();
  }

  /** The list, or what is wrong with it. */
  columns(): readonly CounterColumn[] | CounterListProblem {
    const columns: CounterColumn[] = [];
    const byP = new Map<number | string, CounterColumn>();
    const byName = new Map<string, CounterColumn>();
    const add = (p: number | string, name: string): CounterListProblem | null => {
      if (name === '') return { code: 'counter_name_missing', message: 'a measType has no name' };
      const other = byP.get(p);
      if (other?.name === name) return null;
      if (other !== undefined) {
        const names = `${other.name.slice(0, 100)} and ${name.slice(0, 100)}`;
        return { code: 'position_repeated', message: `two counters of a measInfo have the same p="${p}": ${names}` };
      }
      const column: CounterColumn = { p, name, index: byName.get(name)?.index ?? columns.length };
      columns.push(column);
      byP.set(p, column);
      byName.set(name, byName.get(name) ?? column);
      return null;
    };
    for (const record of this.#bytes.utf8().split('\x1e').slice(0, -1)) {
      const problem = addRecord(record, columns, add);
      if (problem !== null) return problem;
    }
    return columns;
  }

  /** Turns a list taken as a whole into its bytes, since it goes on. */
  #expand(): void {
    if (this.#known === null) return;
    const { key } = this.#known;
    this.#known = null;
    this.#bytes.appendLatin1(key);
  }
}

function addRecord(
  record: string,
  columns: readonly CounterColumn[],
  add: (p: number | string, name: string) => CounterListProblem | null,
): CounterListProblem | null {
  const separator = record.indexOf('\x1f');
  if (separator >= 0) {
    const p = record.slice(0, separator);
    return add(p === '' ? columns.length + 1 : /^\d{1,9}$/.test(p) ? Number(p) : p, record.slice(separator + 1).trim());
  }
  const names = record.split(/[ \t\r\n]+/).filter((name) => name !== '');
  for (let i = 0; i < names.length; i += 1) {
    const problem = add(i + 1, names[i]);
    if (problem !== null) return problem;
  }
  return null;
}
