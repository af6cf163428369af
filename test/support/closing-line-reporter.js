/**
 * Prints one plain closing line with the counts, and the title of every test that was skipped, so
 * that a log shows what did not run.
 */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    for (const file of results.testResults) {
      for (const test of file.testResults) {
        if (test.status === 'pending' || test.status === 'todo') {
          process.stdout.write(`skipped: ${test.fullName}\n`);
        }
      }
    }
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.stdout.write(
      `${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`,
    );
  }
};
