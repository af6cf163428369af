// What a suite prints of its own size.
const SIZE = /^(?:crash matrix|lifecycle property)\b/;

/**
 * Prints one plain closing line with the counts, and the title of every test that was skipped, so
 * that a log shows what did not run. Before it stand the sizes of what was generated.
 */
module.exports = class ClosingLineReporter {
  #sizes = [];

  // Jest keeps no output for reporters where one file is run alone, and prints it at once.
  onTestResult(_test, { console: printed }) {
    for (const { message } of printed ?? []) if (SIZE.test(message)) this.#sizes.push(message);
  }

  onRunComplete(_contexts, results) {
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        if (test.status === 'pending' || test.status === 'todo') {
          process.stdout.write(`skipped: ${test.fullName}\n`);
        }
      }
    }
    for (const size of this.#sizes) process.stdout.write(`${size}\n`);
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.stdout.write(
      `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`,
    );
  }
};
