const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// Lines in which a suite prints its size.
const SIZE = /^(?:crash matrix|lifecycle property)\b/;

// describeUnless adds this reason to the title.
const NEEDS = /\(needs (.+?)\)(?: |$)/;

/**
 * Prints what was skipped and why, and one plain closing line with the counts. Before them come the sizes of what
 * was generated. With FAIL_ON_SKIPPED=true a run that skips a test fails, and names it. A run of all tests in which
 * an error code was never made fails too.
 */
module.exports = class ClosingLineReporter {
  #sizes = [];
  #mustRunAll = process.env.FAIL_ON_SKIPPED === 'true';
  #skipped = [];
  #unseenCodes = [];
  #folder = mkdtempSync(join(tmpdir(), 'byok-seen-codes-'));
  #isWhole;
  #isNameGiven;

  constructor({ testPathPatterns, testNamePattern, onlyChanged, shard }) {
    this.#isNameGiven = Boolean(testNamePattern);
    this.#isWhole =
      testPathPatterns.patterns.length === 0 && !testNamePattern && !onlyChanged && !shard;
  }

  // Workers inherit the variable. seen-codes.ts writes the file.
  onRunStart() {
    process.env.SEEN_ERROR_CODES = join(this.#folder, 'codes');
    writeFileSync(process.env.SEEN_ERROR_CODES, '');
  }

  // If Jest runs only one file, it prints the output at once and keeps none for reporters.
  onTestResult(_test, { console: printed }) {
    for (const { message } of printed ?? []) if (SIZE.test(message)) this.#sizes.push(message);
  }

  onRunComplete(_contexts, results) {
    this.#skipped = results.testResults.flatMap(({ testResults }) =>
      testResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => fullName),
    );
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    if (this.#isWhole && numFailedTests === 0 && numPendingTests === 0)
      this.#unseenCodes = this.#findUnseenCodes();
    rmSync(this.#folder, { recursive: true, force: true });
    const lines = [...this.#sizes, ...this.#summary()];
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    lines.push(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }

  // Jest asks for it behind onRunComplete, and fails when there is one.
  getLastError() {
    if (this.#unseenCodes.length > 0) {
      return new Error(`no test provokes these error codes: ${this.#unseenCodes.join(', ')}`);
    }
    if (!this.#mustRunAll || this.#skipped.length === 0) return undefined;
    return new Error(`${this.#skipped.length} tests were skipped, and FAIL_ON_SKIPPED is set`);
  }

  #findUnseenCodes() {
    const seen = new Set(readFileSync(process.env.SEEN_ERROR_CODES, 'utf8').split('\n'));
    const { BYOK_ERROR_CODES } = require('../../dist/errors.js');
    return BYOK_ERROR_CODES.filter((code) => !seen.has(code));
  }

  #summary() {
    const counts = new Map();
    for (const name of this.#skipped) {
      const reason = NEEDS.exec(name)?.[1] ?? 'nothing: they are switched off in their file';
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    // With -t, tests of other names are pending too, for no other reason.
    if (counts.size === 0 || this.#isNameGiven) return [];
    return [
      ...(this.#mustRunAll ? this.#skipped.map((name) => `skipped: ${name}`) : []),
      `${this.#skipped.length} tests were skipped:`,
      ...[...counts].map(([reason, count]) => `  ${count} need ${reason}`),
      'To run them too: npm run test:setup && npm test',
    ];
  }
};
