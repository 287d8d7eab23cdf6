import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach } from 'vitest';

/** No input takes a hundredth of it, on however busy a machine. */
const STANDSTILL_MS = 60_000;
const NAME_BYTES = 1000;

/** For a thread of its own: a loop without end blocks all else in its own, and with it the timeouts of Vitest. */
const WATCHER = `
  const { workerData: { inputs, name, standstillMs, again } } = require('node:worker_threads');
  for (;;) {
    const input = Atomics.load(inputs, 0);
    if (Atomics.wait(inputs, 0, input, standstillMs) !== 'timed-out' || input === 0) continue;
    const test = Buffer.from(name).toString().replace(/\\0+$/, '');
    const command = again + ' -- -t ' + JSON.stringify(test);
    require('node:fs').writeSync(2, '\\nhangs at input ' + input + ' of a property; to repeat: ' + command + '\\n');
    process.kill(process.pid, 'SIGKILL');
  }
`;

/**
 * Ends the process where a property stays at one input, and says at which; `again` is the command that leads there.
 * Returns what is to be called before each input.
 */
export function watchForHangs(again: string): () => void {
  const inputs = new Int32Array(new SharedArrayBuffer(4));
  const name = new Uint8Array(new SharedArrayBuffer(NAME_BYTES));
  beforeEach(({ task }) => {
    name.fill(0);
    new TextEncoder().encodeInto(task.fullTestName, name);
  });
  afterEach(() => {
    Atomics.store(inputs, 0, 0);
  });
  const workerData = { inputs, name, standstillMs: STANDSTILL_MS, again };
  new Worker(WATCHER, { eval: true, workerData }).unref();
  return () => {
    Atomics.add(inputs, 0, 1);
    Atomics.notify(inputs, 0);
  };
}
