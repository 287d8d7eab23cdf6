import type { FilePosition } from '../pm-file-error.ts';
import { refuse } from '../pm-file-error.ts';
import { checkPeriod, type Period, type ReadSession } from '../read-session.ts';
import { parseDurationS } from '../time/parse-duration.ts';
import { parseTime } from '../time/parse-time.ts';
import { quoted } from './quoted.ts';

/** What a `measInfo` says of its granularity period, as written. */
export interface WrittenPeriod {
  readonly endTime: string | null;
  readonly duration: string | null;
  readonly reportingDuration: string | null;
}

const NOTHING_WRITTEN: WrittenPeriod = { endTime: null, duration: null, reportingDuration: null };

/** The granularity period of the current `measInfo`: read when it is first asked for, and again where it is written otherwise. */
export class MeasInfoPeriod {
  readonly #session: ReadSession;
  readonly #position: () => FilePosition;
  #written = NOTHING_WRITTEN;
  /** That of `#written`, where it has been read. */
  #period: Period | null = null;
  #lastPeriod: Period | null = null;
  #lastWritten = NOTHING_WRITTEN;

  constructor(session: ReadSession, position: () => FilePosition) {
    this.#session = session;
    this.#position = position;
  }

  get written(): WrittenPeriod {
    return this.#written;
  }

  set written(written: WrittenPeriod) {
    this.#written = written;
    this.#period = null;
  }

  /** Forgets what the `measInfo` before said. */
  clear(): void {
    this.written = NOTHING_WRITTEN;
  }

  /** The period. Throws a refusal where there is none. */
  resolve(): Period {
    if (this.#period !== null) return this.#period;
    const written = this.#written;
    if (this.#lastPeriod === null || !isSame(written, this.#lastWritten)) {
      this.#lastPeriod = this.#read();
      this.#lastWritten = written;
    }
    this.#period = this.#lastPeriod;
    return this.#period;
  }

  #read(): Period {
    const { endTime, duration, reportingDuration } = this.#written;
    if (endTime === null) {
      const message = 'a measInfo has values but no granPeriod with an endTime';
      throw refuse('period_missing', message, 'Without it the values have no time.', this.#position());
    }
    const end = parseTime(endTime, this.#session.timeZone);
    if (end === null) {
      const message = `the endTime ${quoted(endTime)} of a granPeriod is unreadable`;
      throw refuse('time_unreadable', message, 'Expected is ISO 8601.', this.#position());
    }
    if (end.isAmbiguous) {
      const message = `${quoted(endTime)} is ambiguous in ${this.#session.timeZone} (clocks change); the earlier time is taken`;
      this.#tolerate('time_ambiguous', message);
    }
    const written = `of ${(duration ?? reportingDuration ?? '').slice(0, 100)} to ${endTime.slice(0, 100)}`;
    return checkPeriod(end.utcMs, this.#readDuration(), this.#session.options.nowMs, written, this.#position);
  }

  #readDuration(): number {
    const { duration: written, reportingDuration } = this.#written;
    const duration = written === null ? null : parseDurationS(written);
    if (duration !== null) return duration;
    const reporting = reportingDuration === null ? null : parseDurationS(reportingDuration);
    if (reporting === null) {
      const message = `the duration ${quoted(written)} of a granPeriod is unreadable, and there is no repPeriod to take it from`;
      throw refuse('duration_unreadable', message, 'Expected is ISO 8601, e.g. PT900S.', this.#position());
    }
    const message = `the duration ${quoted(written)} of a granPeriod is unreadable; that of the repPeriod is taken`;
    this.#tolerate('duration_unreadable', message);
    return reporting;
  }

  #tolerate(code: string, message: string): void {
    this.#session.warn(
      code,
      () => message,
      () => this.#position().line,
    );
  }
}

function isSame(one: WrittenPeriod, other: WrittenPeriod): boolean {
  return (
    one.endTime === other.endTime &&
    one.duration === other.duration &&
    one.reportingDuration === other.reportingDuration
  );
}
