import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'test/browser/**'],
    // Two cores in CI: more workers would make the end-to-end tests compete with each other for the processor.
    maxWorkers: 2,
    testTimeout: 15_000,
    reporters: ['default', './test/reporter.ts'],
  },
});
