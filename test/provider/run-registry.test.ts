import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SharedTakenOver } from '../../src/provider/run-registry';

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
      new SharedTakenOver('127.0.0.1:1', { folder }),
      new SharedTakenOver('127.0.0.1:1', { folder, pid: other }),
    ];
    a.add('arn/one');
    a.add('arn/one');
    b.add('arn/two');
    expect([a.has('arn/one'), a.has('arn/two'), b.has('arn/one')]).toEqual([true, true, true]);
    expect(a.has('arn/on')).toBe(false);
  });

  it('another run knows nothing of it', () => {
    new SharedTakenOver('127.0.0.1:1', { folder }).add('arn/one');
    expect(new SharedTakenOver('127.0.0.1:2', { folder }).has('arn/one')).toBe(false);
  });

  it('what a process left that is gone counts for nothing, and is swept away', () => {
    new SharedTakenOver('127.0.0.1:1', { folder, pid: gone }).add('arn/one');
    expect(new SharedTakenOver('127.0.0.1:1', { folder }).has('arn/one')).toBe(false);
    const [left] = readdirSync(folder) as [string];
    new SharedTakenOver('127.0.0.1:2', { folder }).add('arn/two');
    expect(existsSync(join(folder, left))).toBe(false);
  });

  it('without a place for files a process still knows its own', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'other'));
    const alone = new SharedTakenOver('127.0.0.1:1', { folder: file });
    alone.add('arn/one');
    expect([alone.has('arn/one'), alone.has('arn/two')]).toEqual([true, false]);
  });
});
