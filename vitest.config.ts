import { defineConfig } from 'vitest/config';

const env = { TZ: 'UTC' };

export default defineConfig({
  test: {
    reporters: ['default', './tools/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'packages',
          env,
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
