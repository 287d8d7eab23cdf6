import { type FilePosition, refuse } from '../pm-file-error.ts';
import type { ReadSession } from '../read-session.ts';
import { parseTime } from '../time/parse-time.ts';
import { quoted } from './quoted.ts';

/** The times between which a file says, in its header and footer, that it was collected. They only are checked. */
export class MeasFileTimes {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition;
  #begin: { readonly text: string; readonly utcMs: number } | null = null;

  constructor(session: ReadSession, position: () => FilePosition) {
    this.#session = session;
    this.#position = position;
  }

  /** The begin time of the header, as written. */
  begin(text: string | null): void {
    const time = text === null ? null : parseTime(text, this.#session.timeZone);
    if (text !== null && time !== null) this.#begin = { text, utcMs: time.utcMs };
    else this.#tolerate('header_time_unreadable', `the begin time ${quoted(text)} of the file header is unreadable`);
  }

  /** The end time of the footer, as written. Throws a refusal where it is before the begin. */
  end(text: string | null): void {
    const time = text === null ? null : parseTime(text, this.#session.timeZone);
    if (text === null || time === null) {
      this.#tolerate('footer_time_unreadable', `the end time ${quoted(text)} of the file footer is unreadable`);
    } else if (this.#begin !== null && this.#begin.utcMs > time.utcMs) {
      const message = `the file begins at ${this.#begin.text}, after its end at ${text.slice(0, 100)}`;
      throw refuse('period_invalid', message, 'Correct the times of the exporter.', this.#position());
    }
  }

  #tolerate(code: string, message: string): void {
    this.#session.warn(
      code,
      () => message,
      () => this.#position().line,
    );
  }
}
