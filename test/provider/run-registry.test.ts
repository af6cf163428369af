import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SharedRunRegistry } from '../../src/provider/run-registry';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-taken-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

// The parent stands for another provider process that runs.
const other = process.ppid;
const gone = spawnSync(process.execPath, ['-e', '']).pid;

describe('when several provider processes serve one run', () => {
  it('each knows what the others declare', () => {
    const [a, b] = [
      new SharedRunRegistry('127.0.0.1:1', { folder }),
      new SharedRunRegistry('127.0.0.1:1', { folder, pid: other }),
    ];
    a.declare('arn/one');
    a.declare('arn/one');
    b.declare('arn/two');
    expect([a.isDeclared('arn/one'), a.isDeclared('arn/two'), b.isDeclared('arn/one')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(a.isDeclared('arn/on')).toBe(false);
  });

  it('another run knows nothing of it', () => {
    new SharedRunRegistry('127.0.0.1:1', { folder }).declare('arn/one');
    expect(new SharedRunRegistry('127.0.0.1:2', { folder }).isDeclared('arn/one')).toBe(false);
  });

  it('what a process left that is gone counts for nothing, and is swept away', () => {
    new SharedRunRegistry('127.0.0.1:1', { folder, pid: gone }).declare('arn/one');
    expect(new SharedRunRegistry('127.0.0.1:1', { folder }).isDeclared('arn/one')).toBe(false);
    const [left] = readdirSync(folder) as [string];
    new SharedRunRegistry('127.0.0.1:2', { folder }).declare('arn/two');
    expect(existsSync(join(folder, left))).toBe(false);
  });

  it('without a place for files a process still knows its own', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'other'));
    const alone = new SharedRunRegistry('127.0.0.1:1', { folder: file });
    alone.declare('arn/one');
    expect([alone.isDeclared('arn/one'), alone.isDeclared('arn/two')]).toEqual([true, false]);
  });
});
