import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  step(by?: number): void;
  stop(): void;
}

const SILENT: Progress = { step: () => undefined, stop: () => undefined };

/** A bar on standard error with the estimated end; nothing where that is no terminal. */
export function createProgress(unit: string, total: number): Progress {
  if (!process.stderr.isTTY || total <= 1) return SILENT;
  const format = `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left`;
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, clearOnComplete: true }, Presets.rect);
  bar.start(total, 0);
  return { step: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
