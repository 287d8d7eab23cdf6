/** Shared by the benchmarks: timing, memory, and the way figures are printed. */

export interface Timing {
  readonly name: string;
  /** Of each round, ms. */
  readonly rounds: readonly number[];
  readonly medianMs: number;
}

/** Runs once to warm up, then `rounds` times. */
export async function time(name: string, rounds: number, work: () => unknown): Promise<Timing> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return { name, rounds: times, medianMs: median(times) };
}

/**
 * As `time`, for several works that are to be compared: by turns, so that what else the machine does weighs on all of them
 * alike.
 */
export function timeByTurns(rounds: number, works: readonly (readonly [string, () => unknown])[]): readonly Timing[] {
  const times: number[][] = works.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, [, work]] of works.entries()) {
      const startedAt = performance.now();
      work();
      if (round >= 0) times[i].push(performance.now() - startedAt);
    }
  }
  return times.map((all, i) => ({ name: works[i][0], rounds: all, medianMs: median(all) }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Largest resident memory of this process so far, MB. */
export function peakMemoryMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

export function printHeading(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

export function printLine(label: string, value: string): void {
  process.stdout.write(`  ${label.padEnd(58)} ${value}\n`);
}

export function roundsText({ rounds }: Timing): string {
  return `rounds ${rounds.map((ms) => ms.toFixed(0)).join(', ')} ms`;
}

/** The value of an option `--name value`. */
export function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** Numbers in [0, 1) that depend on the seed alone (splitmix32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
