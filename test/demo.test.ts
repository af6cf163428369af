import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript, type ScriptRun } from './scripts/run-script';
import { writeProgram } from './scripts/write-program';
import { describeWithPulumi } from './support/describe-with-pulumi';
import { ENGINE } from './support/pulumi-cli';

jest.setTimeout(400_000);

function demo(env: NodeJS.ProcessEnv, ...args: string[]): Promise<ScriptRun> {
  return runScript('scripts/demo/main.ts', args, { ...process.env, ...env });
}

/** The steps, and what follows each word at the beginning of a row. */
const HELD = [
  /^1\. Preview.*\n +resources +6 to create\n +calls +none$/m,
  /^2\. Up.*\n +resources +6 created\n +calls +CreateKey, ImportKeyMaterial, CreateAlias$/m,
  /^3\. Up.*\n +resources +1 updated \(validTo\), 5 unchanged\n +calls +ImportKeyMaterial$/m,
  /^4\. Somebody.*\n +KMS says +PendingImport\n +the key +refuses: KMSInvalidStateException$/m,
  /^5\. Refresh.*\n +resources +1 updated \(importState, keyState\), \d unchanged\n +calls +reads only$/m,
  /^6\. Up.*\n +resources +1 updated \(importState, keyState\), 5 unchanged$/m,
  /^7\. Up.*\n +resources +6 unchanged\n +calls +none$/m,
  /^8\. Destroy.*\n +resources +6 deleted\n +calls +DeleteAlias, ScheduleKeyDeletion$/m,
  /^9\. Search[^]*control +found in the material file itself\n +result +found nowhere else\n\nEverything held\.\n$/m,
];

function expectHeld({ code, output, errors }: ScriptRun): void {
  expect(errors).toBe('');
  for (const step of HELD) expect(output).toMatch(step);
  expect(output).not.toContain('EXPECTED');
  expect(code).toBe(0);
}

describe('when the demo runs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-demo-test-'));
    symlinkSync(process.execPath, join(folder, 'node'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Makes a pulumi that does what a shell script says. */
  const pulumiThat = (script: string): NodeJS.ProcessEnv => {
    const engine = join(folder, 'engine');
    writeProgram(join(engine, 'pulumi'), `[ "$1" = version ] && echo v1.2.3 && exit\n${script}`);
    return { PULUMI_KMS_BYOK_ENGINE: engine };
  };

  it('without a real engine, it uses the offline one, and says how to get the real one', async () => {
    const run = await demo({
      PATH: folder,
      XDG_CACHE_HOME: folder,
      HOME: folder,
      PULUMI_HOME: '',
      PULUMI_KMS_BYOK_ENGINE: '',
    });
    expect(run.output).toMatch(
      /^Engine: the offline test engine\. To get the real one: npm run engine\n/,
    );
    expect(run.output).not.toContain(' | ');
    expectHeld(run);
    // The records of runs are among what the demo searches and removes.
    expect(existsSync(join(folder, '.pulumi'))).toBe(false);
  });

  it('a failure of the engine ends it with what the engine printed', async () => {
    const run = await demo(
      pulumiThat('case "$2" in stack | config) exit 0 ;; esac\necho no engine today >&2\nexit 7'),
    );
    expect(run.output).toMatch(/^1\. Preview.*\n +\| no engine today\n/m);
    expect(run.output).toMatch(/\nTHE DEMO FAILED: pulumi preview ended with exit code 7\n$/);
    expect(run.code).toBe(1);
  });

  it('a step that did not hold is named at the end', async () => {
    const run = await demo(pulumiThat('exit 0'));
    expect(run.output).toContain('resources  none   <- EXPECTED 6 to create');
    expect(run.output).not.toMatch(/\n2\. Up/);
    expect(run.output).toMatch(/result +found nowhere else\n\nSOMETHING DID NOT HOLD:\n/);
    expect(run.output).toMatch(/ step 1, resources: none instead of 6 to create\n$/);
    expect(run.code).toBe(1);
  });

  it('the picture in the documentation shows a run in which everything held', () => {
    const picture = readFileSync(join(__dirname, '..', 'docs', 'demo.svg'), 'utf8');
    const lines = Array.from(picture.matchAll(/<text [^>]*>([^<]*)<\/text>/g), ([, line]) => line!);
    expect(lines[0]).toBe('$ npm run demo');
    const output = `${lines.join('\n')}\n`.replace('\n\n\n', '\n');
    for (const step of HELD) expect(output).toMatch(step);
  });

  it('--help names its options', async () => {
    const { output, code } = await demo({}, '--help');
    expect(output).toContain('npm run demo -- [options]');
    expect(output).toMatch(/--verbose +print the lines of the engine too/);
    expect(code).toBe(0);
  });
});

describeWithPulumi('when the demo runs under the real engine', () => {
  it('it says which, shows the lines of the engine with --verbose, and everything holds', async () => {
    const run = await demo({}, '--verbose');
    expect(run.output).toContain(`Engine: pulumi ${ENGINE?.version ?? ''}`);
    expect(run.output).toMatch(/^ +\| Previewing update \(demo\):$/m);
    expectHeld({ ...run, output: run.output.replace(/^ +\| .*\n/gm, '') });
  });
});
