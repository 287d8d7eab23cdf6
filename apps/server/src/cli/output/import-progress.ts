import type { ImportState } from '../../features/import/import-request.ts';
import { utcText } from '../../platform/utc-text.ts';
import { visibleLine } from './visible-text.ts';

const ON_TERMINAL_EVERY_MS = 500;
const ELSEWHERE_EVERY_MS = 10_000;
const CLEAR_LINE = '\r\u001b[K';

export interface ImportProgressDisplay {
  show(state: ImportState): void;
  /** A line of its own, which stays. */
  tell(text: string): void;
  stop(): void;
}

export interface ProgressOutput {
  readonly isTerminal: boolean;
  write(text: string): void;
  /** Milliseconds since any moment. */
  now(): number;
}

const STANDARD_ERROR: ProgressOutput = {
  isTerminal: process.stderr.isTTY,
  write: (text) => {
    process.stderr.write(text);
  },
  now: () => performance.now(),
};

/** How far an import is, on standard error: one line that changes on a terminal, a line now and then elsewhere. */
export function createImportProgress(output: ProgressOutput = STANDARD_ERROR): ImportProgressDisplay {
  const { isTerminal } = output;
  const everyMs = isTerminal ? ON_TERMINAL_EVERY_MS : ELSEWHERE_EVERY_MS;
  const startedAt = output.now();
  let shownAt = startedAt;
  let phase: ImportState['phase'] = 'reading';
  return {
    show(state) {
      const now = output.now();
      if (now - shownAt < everyMs && state.phase === phase) return;
      shownAt = now;
      phase = state.phase;
      const text = visibleLine(progressText(state, now - startedAt, Date.now()));
      output.write(isTerminal ? `${CLEAR_LINE}${text}` : `${text}\n`);
    },
    tell(text) {
      output.write(`${isTerminal ? CLEAR_LINE : ''}${visibleLine(text)}\n`);
    },
    stop() {
      if (isTerminal) output.write(CLEAR_LINE);
    },
  };
}

/** `42 % | to 2025-08-13T10:00:00Z | 2,100,000 values | 410,000 values/s | done 14:32 UTC (3 min left)` */
export function progressText(state: ImportState, elapsedMs: number, nowMs: number): string {
  const { phase, share, readToMs, values } = state;
  const rate = elapsedMs > 0 ? Math.round((values / elapsedMs) * 1000) : 0;
  const read = `to ${utcText(readToMs - (readToMs % 1000))} | ${values.toLocaleString('en')} values`;
  if (phase === 'following') return `following | ${read}`;
  const leftMs = share > 0 ? (elapsedMs / share) * (1 - share) : null;
  const end =
    leftMs === null
      ? ''
      : ` | done ${new Date(nowMs + leftMs).toISOString().slice(11, 16)} UTC (${spanText(leftMs)} left)`;
  return `${Math.floor(share * 100)} % | ${read} | ${rate.toLocaleString('en')} values/s${end}`;
}

function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
