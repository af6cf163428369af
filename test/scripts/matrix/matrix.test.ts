import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_VERSION, OLDEST_ENGINE_VERSION } from '../../../scripts/engine/versions';
import { combinationsOf, enginesFor, hostsOf } from '../../../scripts/matrix/combinations';
import { summaryOf } from '../../../scripts/matrix/run-tests';
import { writeProgram } from '../write-program';

describe('when the matrix is made', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-matrix-test-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('each end of the SDK has the engine of the same end', () => {
    expect(enginesFor([OLDEST_ENGINE_VERSION, '3.999.0'])).toEqual([
      OLDEST_ENGINE_VERSION,
      ENGINE_VERSION,
    ]);
  });

  it('engines are named once for all SDKs, or one for each', () => {
    expect(enginesFor(['1', '2'], ['9'])).toEqual(['9', '9']);
    expect(enginesFor(['1', '2'], ['8', '9'])).toEqual(['8', '9']);
    expect(() => enginesFor(['1', '2', '3'], ['8', '9'])).toThrow(
      '--engine names 2 versions for 3 SDKs (1, 2, 3): name one, or one for each',
    );
  });

  it('a language host of Pulumi is run beside the one for tests, where there is one', () => {
    writeProgram(join(folder, 'pulumi'), 'echo v3.0.0');
    const env = { PATH: '/nowhere', PULUMI_KMS_BYOK_LANGUAGE_HOST: 'test' };
    expect(hostsOf(folder, env)).toEqual(['test']);
    writeProgram(join(folder, 'pulumi-language-nodejs'), '');
    expect(hostsOf(folder, env)).toEqual(['pulumi', 'test']);
  });

  it('the first Node.js runs every language host, the others the default one', () => {
    const combinations = combinationsOf(['20', '22'], ['a', 'b'], ['1', '2'], (engine) =>
      engine === '1' ? ['test'] : ['pulumi', 'test'],
    );
    expect(combinations.map((combination) => Object.values(combination).join(' '))).toEqual([
      '20 a 1 test',
      '22 a 1 test',
      '20 b 2 pulumi',
      '20 b 2 test',
      '22 b 2 pulumi',
    ]);
  });

  it('a skipped test of the real engine is a failure, another one is not', () => {
    const report = join(folder, 'report.json');
    const skipped = (needed: string) => ({
      fullName: `when it runs (needs ${needed}) it works`,
      status: 'pending',
    });
    writeFileSync(
      report,
      JSON.stringify({
        numPassedTests: 3,
        numFailedTests: 0,
        numPendingTests: 2,
        testResults: [
          {
            name: 'a',
            status: 'passed',
            assertionResults: [skipped('the real Pulumi engine'), skipped('Chromium')],
          },
        ],
      }),
    );
    expect(summaryOf(report, folder)).toEqual({
      passed: 3,
      failed: 1,
      skipped: 2,
      failures: ['when it runs (needs the real Pulumi engine) it works'],
    });
  });

  it('a run without a report is a failure', () => {
    expect(summaryOf(join(folder, 'none.json'), folder).failures).toEqual(['no test ran']);
  });
});
