// What a suite prints of its own size.
const SIZE = /^(?:crash matrix|lifecycle property)\b/;

// describeUnless writes the reason into the title.
const NEEDS = /\(needs (.+?)\)(?: |$)/;

/**
 * Prints what was skipped and why, and one plain closing line with the counts. Before them come the sizes of what
 * was generated. With FAIL_ON_SKIPPED=true a run that skips a test fails, and names it.
 */
module.exports = class ClosingLineReporter {
  #sizes = [];
  #mustRunAll = process.env.FAIL_ON_SKIPPED === 'true';
  #skipped = [];

  // Jest keeps no output for reporters where one file is run alone, and prints it at once.
  onTestResult(_test, { console: printed }) {
    for (const { message } of printed ?? []) if (SIZE.test(message)) this.#sizes.push(message);
  }

  onRunComplete(_contexts, results) {
    this.#skipped = results.testResults.flatMap(({ testResults }) =>
      testResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => fullName),
    );
    const lines = [...this.#sizes, ...this.#summary()];
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    lines.push(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }

  // Jest asks for it behind onRunComplete, and fails when there is one.
  getLastError() {
    if (!this.#mustRunAll || this.#skipped.length === 0) return undefined;
    return new Error(`${this.#skipped.length} tests were skipped, and FAIL_ON_SKIPPED is set`);
  }

  #summary() {
    if (this.#skipped.length === 0) return [];
    const counts = new Map();
    for (const name of this.#skipped) {
      const reason = NEEDS.exec(name)?.[1] ?? 'nothing: they are switched off in their file';
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    return [
      ...(this.#mustRunAll ? this.#skipped.map((name) => `skipped: ${name}`) : []),
      `${this.#skipped.length} tests were skipped:`,
      ...[...counts].map(([reason, count]) => `  ${count} need ${reason}`),
      'To run them too: npm run test:setup && npm test',
    ];
  }
};
