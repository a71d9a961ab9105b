import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      {
        test: {
          name: 'parts',
          globalSetup: 'test/grants/fresh-records.ts',
          include: ['test/{unit,property,integration,interop}/**/*.test.ts'],
          testTimeout: 15_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Each of these runs a whole stack: one at a time, so that they do not compete for the processor.
        test: {
          name: 'end-to-end',
          globalSetup: 'test/grants/fresh-records.ts',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
