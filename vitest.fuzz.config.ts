import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';

/** Inputs a property, and the seed that leads to the same ones again. */
const { FUZZ_RUNS = '100000', FUZZ_SEED = String(randomInt(2 ** 31)) } = process.env;

export default defineConfig({
  test: {
    name: `FUZZ_SEED=${FUZZ_SEED}`,
    env: { TZ: 'UTC', FUZZ_RUNS, FUZZ_SEED },
    include: ['packages/{pm-files,formula}/src/**/*.test.ts'],
    setupFiles: './tools/fuzz/property-runs.ts',
    maxWorkers: '100%',
    // Readers run as Node.js runs them, which is several times faster than through Vite.
    experimental: { viteModuleRunner: false },
    // A property that stays at one input is ended by the watcher of the set-up file.
    testTimeout: 0,
    reporters: ['verbose', './tools/summary-reporter.ts'],
  },
});
