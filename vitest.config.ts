import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Asks when things happen, or wants the processor for itself: one at a time. */
const TIMED = ['chaos', 'cost', 'demo', 'every-kind-of-message', 'receipts', 'rolling-deploy'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** Only a failure reaches its end: none should be for want of a processor. */
const PATIENCE = { testTimeout: 45_000, hookTimeout: 45_000 };

const ON_TABLES = ['test/integration/{functions,store}/**/*.test.ts'];

/** What tests say of the stack is true of the configuration as it is shipped, not of the one that a team deploys. */
const env = { BINDERY_CONFIGURATION: join(import.meta.dirname, 'test/fixtures/shipped-configuration.json') };

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      {
        // Nothing but functions of values: files may share what they have loaded.
        test: {
          name: 'units',
          env,
          include: ['test/{unit,property}/**/*.test.ts'],
          ...PATIENCE,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'parts',
          env,
          globalSetup: 'test/grants/fresh-records.ts',
          include: ['test/{integration,interop}/**/*.test.ts'],
          exclude: ON_TABLES,
          ...PATIENCE,
          // What runs side by side in a file waits for most of its time.
          maxConcurrency: 6,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Beside those, and by their name after them: the longest come first. Nothing but calls of tables in memory, made anew for
        // each file: they may share what they have loaded, which took as long as they do.
        test: {
          name: 'parts on tables',
          env,
          include: ON_TABLES,
          ...PATIENCE,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Each of these runs a whole stack, and waits for most of its time.
        test: {
          name: 'end-to-end',
          env,
          globalSetup: 'test/grants/fresh-records.ts',
          include: ['test/e2e/**/*.test.ts'],
          exclude: TIMED,
          testTimeout: 180_000,
          hookTimeout: 90_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'end-to-end, timed',
          env,
          globalSetup: 'test/grants/fresh-records.ts',
          include: TIMED,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
