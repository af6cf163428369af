import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { REAL_ENGINE } from '../engine/find';
import type { NodeRuntime } from './node-runtime';

/** Result of a run of the tests. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Names of failed tests, and of files that could not run. */
  readonly failures: readonly string[];
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Runs the tests of a folder with a Node.js, which is also the `node` of everything that they start.
 *
 * @param env - variables in addition to those of this process
 */
export async function runTests(
  folder: string,
  node: NodeRuntime,
  patterns: readonly string[],
  env: NodeJS.ProcessEnv,
  show: (text: string) => void,
): Promise<TestRun> {
  const reports = mkdtempSync(join(tmpdir(), 'byok-test-report-'));
  const report = join(reports, 'report.json');
  const started = Date.now();
  const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    join(node.bin, 'node'),
    [jest, '--json', `--outputFile=${report}`, ...patterns],
    {
      cwd: folder,
      env: { ...process.env, ...env, PATH: `${node.bin}${delimiter}${process.env.PATH ?? ''}` },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  child.stderr.on('data', (chunk: Buffer) => {
    show(chunk.toString());
  });
  await new Promise((resolve) => child.once('close', resolve));
  const seconds = Math.round((Date.now() - started) / 1000);
  const summary = summaryOf(report, folder);
  rmSync(reports, { recursive: true, force: true });
  return { ...summary, seconds };
}

/** Sums up a report of jest. Counts a skipped test of the real engine as failed, because each combination has one. */
export function summaryOf(report: string, folder: string): Omit<TestRun, 'seconds'> {
  const read = ((): JestReport | undefined => {
    try {
      return JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    } catch {
      return undefined;
    }
  })();
  // A missing or empty report is not a success.
  if (read === undefined || read.testResults.length === 0) {
    return { passed: 0, failed: 1, skipped: 0, failures: ['no test ran'] };
  }
  const failures = read.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter(
      (test) =>
        test.status === 'failed' ||
        (test.status === 'pending' && test.fullName.includes(`(needs ${REAL_ENGINE})`)),
    );
    if (failed.length > 0) return failed.map(({ fullName }) => fullName);
    return status === 'failed' ? [`${name.slice(folder.length + 1)} could not run`] : [];
  });
  return {
    passed: read.numPassedTests,
    failed: failures.length,
    skipped: read.numPendingTests,
    failures,
  };
}
