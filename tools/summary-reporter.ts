import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `N passed, N failed` as the last line of a run. A file that cannot be loaded, a failing hook of a file or suite
 * and an error outside of any test count as one failed test each.
 */
export default class SummaryReporter implements Reporter {
  #passed = 0;
  #failed = 0;

  onInit(): void {
    // The other reporters and the teardown of the run write after its end.
    process.once('exit', () => {
      const failed = this.#failed === 0 && process.exitCode ? 1 : this.#failed;
      process.stdout.write(`${this.#passed} passed, ${failed} failed\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    this.#passed = 0;
    this.#failed = unhandledErrors.length;
    for (const module of modules) {
      this.#failed += module.errors().length;
      for (const suite of module.children.allSuites()) {
        this.#failed += suite.errors().length;
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        this.#passed += Number(state === 'passed');
        this.#failed += Number(state === 'failed');
      }
    }
  }
}
