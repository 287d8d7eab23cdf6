import { defineConfig } from 'vitest/config';

const env = { TZ: 'UTC' };

export default defineConfig({
  test: {
    // The default leaves one core to Vitest itself; on two cores that would run one file at a time.
    maxWorkers: '100%',
    reporters: ['default', './tools/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'packages',
          env,
          // So long may a property take on a machine that has other things to do.
          testTimeout: 60_000,
          include: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'bench/src/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'server',
          env,
          include: ['apps/*/src/**/*.test.ts'],
          globalSetup: './apps/server/src/testing/global-setup.ts',
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
