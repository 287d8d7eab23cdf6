import { EXIT_CODES } from './exit-codes.ts';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/**
 * npm, a terminal and a launcher pass one key press on several times within moments; only what comes later asks again.
 */
const REPEAT_AFTER_MS = 1000;

/** Why a process is to end before its work is done. */
export interface Interruption {
  /** Aborted by the first signal, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Null: not interrupted. `output_closed`: whoever reads our output has stopped reading (`pegboard query … | head`). */
  readonly cause: StopSignal | 'output_closed' | null;
}

/** Listens to the signals of this process and to the fate of its standard output, from now on. */
export function watchForInterruption(): Interruption {
  const controller = new AbortController();
  let cause: Interruption['cause'] = null;
  let signalledAt = 0;
  const interrupt = (by: NonNullable<Interruption['cause']>) => {
    cause ??= by;
    controller.abort(new Error(`stopped by ${by}`));
  };
  for (const signal of STOP_SIGNALS) {
    process.on(signal, () => {
      const isImpatient = signalledAt !== 0 && performance.now() - signalledAt >= REPEAT_AFTER_MS;
      if (isImpatient) process.exit(EXIT_CODES[signal]);
      if (signalledAt === 0) signalledAt = performance.now();
      interrupt(signal);
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt('output_closed');
  });
  // A closed standard error takes the remarks with it, not the work.
  process.stderr.on('error', () => undefined);
  return {
    signal: controller.signal,
    get cause() {
      return cause;
    },
  };
}
