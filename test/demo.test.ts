import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPulumi } from './support/describe-with-pulumi';
import { ENGINE } from './support/pulumi-cli';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '..');

function demo(path: string): string {
  const run = spawnSync(process.execPath, [require.resolve('tsx/cli'), 'scripts/demo/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('Everything held.');
  expect(run.stdout).not.toContain('EXPECTED');
  return run.stdout;
}

describe('when the demo runs without pulumi on PATH', () => {
  it('it says that it uses the offline engine, and everything holds', () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-path-'));
    symlinkSync(process.execPath, join(folder, 'node'));
    const output = demo(folder);
    expect(output).toContain('Engine: the offline test engine');
    rmSync(folder, { recursive: true });
  });
});

describeWithPulumi('when the demo runs with pulumi on PATH', () => {
  it('it says which pulumi it uses, and everything holds', () => {
    expect(demo(process.env.PATH ?? '')).toContain(`Engine: pulumi ${ENGINE?.version ?? ''}`);
  });
});
