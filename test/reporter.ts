import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` alone on the last line, which CI reads; what was skipped stands above it. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that fails to load runs no test at all; it must not look like a pass.
      if (module.state() === 'failed' && module.errors().length > 0) count.failed += 1;
      // Nor must a hook that fails: the tests behind it count as skipped.
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed += 1;
    }
    const failed = count.failed + unhandledErrors.length;
    const skipped = count.skipped > 0 ? `${count.skipped} skipped, for the reasons in their titles\n` : '';
    process.on('exit', () => process.stdout.write(`${skipped}${count.passed} passed, ${failed} failed\n`));
  }
}
