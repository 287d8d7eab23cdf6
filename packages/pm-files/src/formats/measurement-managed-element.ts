import type { ManagedElement } from '../measurement.ts';
import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import type { XmlAttributes } from '../xml/xml-attributes.ts';
import { LOCAL_DN, SW_VERSION, USER_LABEL } from './measurement-xml-vocabulary.ts';
import { quoted } from './quoted.ts';

/** The managed element of the current `measData`. */
export class MeasDataElement {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition;
  #element: ManagedElement | null = null;

  constructor(session: ReadSession, position: () => FilePosition) {
    this.#session = session;
    this.#position = position;
  }

  /** A `measData` begins: it has not named its managed element yet. */
  clear(): void {
    this.#element = null;
  }

  /** Takes what a `managedElement` says; one without a name has that of the file sender. */
  open(attributes: XmlAttributes): void {
    const userLabel = attributes.get(USER_LABEL) || null;
    const swVersion = attributes.get(SW_VERSION) || null;
    const { header } = this.#session;
    header.swVersion ??= swVersion;
    const name = attributes.get(LOCAL_DN) || userLabel || this.#nameElsewhere();
    this.#element = { name, userLabel, swVersion, vendor: header.vendor };
  }

  /** The managed element; where none is named, the file sender or the one that the caller gave. Throws a refusal without both. */
  resolve(): ManagedElement {
    this.#element ??= {
      name: this.#nameElsewhere(),
      userLabel: null,
      swVersion: null,
      vendor: this.#session.header.vendor,
    };
    return this.#element;
  }

  #nameElsewhere(): string {
    const { header, options } = this.#session;
    const name = header.sender || options.defaults?.ne;
    if (!name) {
      const message = 'neither a managed element nor the file sender is named';
      const hint = 'Say which network element it is (--ne NAME).';
      throw refuse('managed_element_unknown', message, hint, this.#position());
    }
    const source = header.sender ? 'the file sender' : 'the option given';
    const message = `a measData names no managed element; ${source}, ${quoted(name)}, is taken`;
    this.#session.warn(
      'managed_element_missing',
      () => message,
      () => this.#position().line,
    );
    return name;
  }
}
