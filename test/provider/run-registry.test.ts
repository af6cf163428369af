import { spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFolder, SharedRunRegistry } from '../../src/provider/run-registry';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'byok-runs-'));
  folder = join(parent, 'runs');
});
afterEach(() => {
  chmodSync(parent, 0o700);
  rmSync(parent, { recursive: true, force: true });
});

// The parent stands for another provider process that runs.
const other = process.ppid;
// No Linux hands out a number above 2^22 (man 5 proc, pid_max), so that nobody can come to bear it.
const gone = 2 ** 22 + 1;
const RUN = '127.0.0.1:1';
const DAY = 86_400_000;

/** The files of the records, of which each test has few. */
const records = (): string[] => readdirSync(folder).map((name) => join(folder, name));
const registry = (options: { pid?: number; now?: () => number } = {}, run = RUN) =>
  new SharedRunRegistry(run, { folder, ...options });

describe('when several provider processes serve one run', () => {
  it('each knows what the others declare', () => {
    const [a, b] = [registry(), registry({ pid: other })];
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
    registry().declare('arn/one');
    expect(registry({}, '127.0.0.1:2').isDeclared('arn/one')).toBe(false);
  });

  it('a run that records nothing knows that nothing is declared', () => {
    expect(registry().isDeclared('arn/one')).toBe(false);
  });

  it('what a process left that crashed a moment ago is no answer, and the delete is refused', () => {
    registry({ pid: gone }).declare('arn/one');
    expect(() => registry().isDeclared('arn/one')).toThrowWithCode('RUN_RECORD');
    expect(registry().isDeclared('arn/two')).toBe(false);
  });

  it('what a process left a day ago counts for nothing, and is swept away', () => {
    registry({ pid: gone }).declare('arn/one');
    const [left = ''] = records();
    const later = () => Date.now() + 2 * DAY;
    expect(registry({ now: later }).isDeclared('arn/one')).toBe(false);
    registry({ now: later }, '127.0.0.1:2').declare('arn/two');
    expect(records()).not.toContain(left);
  });

  it.each([
    ['a moment ago', 0],
    ['a day ago', 2 * DAY],
  ])('what was left %s does not count for another process that has its number', (_what, age) => {
    registry({ pid: gone }).declare('arn/one');
    const [left = ''] = records();
    // A process that started right after the machine did.
    renameSync(left, left.replace(`-${gone}--`, `-${other}-1-`));
    const now = () => Date.now() + age;
    if (age === 0)
      expect(() => registry({ now }).isDeclared('arn/one')).toThrowWithCode('RUN_RECORD');
    else expect(registry({ now }).isDeclared('arn/one')).toBe(false);
    registry({ now }, '127.0.0.1:2').prepare();
    expect(records()).toHaveLength(age === 0 ? 2 : 1);
  });

  it('what a process that runs recorded still counts after the clock was set forward by days', () => {
    registry({ pid: other }).declare('arn/one');
    const later = Date.now() + 3 * DAY;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
    try {
      registry({}, '127.0.0.1:2').declare('arn/two');
      expect(registry().isDeclared('arn/one')).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });

  it('what a process that runs recorded long ago still counts, and is not swept away', () => {
    registry({ pid: other }).declare('arn/one');
    const [kept = ''] = records();
    utimesSync(kept, 1, 1);
    registry({}, '127.0.0.1:2').declare('arn/two');
    expect(registry().isDeclared('arn/one')).toBe(true);
  });
});

describe('when PULUMI_HOME is read', () => {
  it.each([
    ['an absent one', {}, '/home/user/.pulumi/kms-byok-runs'],
    ['an empty one', { PULUMI_HOME: '' }, '/home/user/.pulumi/kms-byok-runs'],
    ['any other', { PULUMI_HOME: '/other' }, '/other/kms-byok-runs'],
  ])('%s leads to the folder that the CLI would use', (_what, env, expected) => {
    expect(runFolder(env, '/home/user')).toBe(expected);
  });
});

describe('when the place of the records cannot be trusted, nothing is deleted on a guess', () => {
  const refused = (): void => {
    expect(() => registry().isDeclared('arn/two')).toThrowWithCode('RUN_RECORD');
  };

  it.each<[string, (own: string) => void]>([
    [
      'a link in place of a record',
      (own) => {
        rmSync(own);
        writeFileSync(join(parent, 'planted'), 'arn/one\n');
        symlinkSync(join(parent, 'planted'), own);
      },
    ],
    [
      'a second name of a record',
      (own) => {
        linkSync(own, join(parent, 'second'));
      },
    ],
    [
      'a record that others can write',
      (own) => {
        chmodSync(own, 0o666);
      },
    ],
    [
      'a folder in place of a record',
      (own) => {
        rmSync(own);
        mkdirSync(own);
      },
    ],
    [
      'a stray file of the name of the run',
      (own) => {
        writeFileSync(`${own}-stray`, '', { mode: 0o600 });
      },
    ],
    [
      'a folder that others can write',
      () => {
        chmodSync(folder, 0o777);
      },
    ],
  ])('%s', (_what, spoil) => {
    registry({ pid: other }).declare('arn/one');
    spoil(records()[0]!);
    refused();
  });

  it.each<[string, (path: string) => void]>([
    [
      'the records',
      (path) => {
        rmSync(path);
      },
    ],
    [
      'the folder',
      () => {
        rmSync(folder, { recursive: true, force: true });
      },
    ],
  ])('%s, if somebody has removed them during the run', (_what, remove) => {
    registry({ pid: other }).declare('arn/one');
    const own = registry();
    own.declare('arn/two');
    for (const path of records()) remove(path);
    expect(() => own.isDeclared('arn/one')).toThrowWithCode('RUN_RECORD');
    expect(own.isDeclared('arn/two')).toBe(true);
  });

  it('a file in place of the folder', () => {
    writeFileSync(folder, '');
    refused();
    expect(() => {
      registry().declare('arn/one');
    }).toThrowWithCode('RUN_RECORD');
  });

  it('a link in place of the folder, also before anything is imported', () => {
    mkdirSync(join(parent, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(parent, 'elsewhere'), folder);
    refused();
    expect(() => {
      registry().prepare();
    }).toThrowWithCode('RUN_RECORD');
    expect(readdirSync(join(parent, 'elsewhere'))).toEqual([]);
  });

  it('a full disk fails what wants to record, and not in silence', () => {
    const full = new SharedRunRegistry(RUN, { folder: '/dev/full/runs' });
    expect(() => {
      full.declare('arn/one');
    }).toThrowWithCode('RUN_RECORD');
  });

  it('a record is appended to only through the file that its process made', () => {
    const own = registry();
    own.declare('arn/one');
    const [file = ''] = records();
    writeFileSync(join(parent, 'planted'), '');
    rmSync(file);
    symlinkSync(join(parent, 'planted'), file);
    own.declare('arn/two');
    expect(readFileSync(join(parent, 'planted'), 'utf8')).toBe('');
  });
});

describe('when six provider processes start together beside records of before', () => {
  const ROUNDS = process.env.SLOW === '1' ? 10_000 : 200;
  const BATCH = 20;
  const PROGRAM = `
    const { SharedRunRegistry } = require(${JSON.stringify(join(__dirname, '../../dist/provider/run-registry.js'))});
    const [folder, place, rounds, batch] = process.argv.slice(1);
    for (let round = 0; round < Number(rounds); round += 1) {
      const at = folder + '/' + Math.floor(round / Number(batch));
      new SharedRunRegistry('run ' + round, { folder: at }).declare('arn/' + round + '/' + place);
    }
    console.log('done');
    process.stdin.resume();
    process.stdin.on('end', () => process.exit());`;

  it('no start loses what it declares', async () => {
    const at = (batch: number): string => join(folder, String(batch));
    for (let batch = 0; batch < ROUNDS / BATCH; batch += 1) {
      mkdirSync(at(batch), { recursive: true, mode: 0o700 });
      for (let stale = 0; stale < 5; stale += 1) {
        const name = `${String(stale).repeat(32)}-${gone}--${'0'.repeat(16)}`;
        writeFileSync(join(at(batch), name), 'arn/stale\n', { mode: 0o600 });
        utimesSync(join(at(batch), name), 1, 1);
      }
    }
    const processes = [0, 1, 2, 3, 4, 5].map((place) =>
      spawn(
        process.execPath,
        ['-e', PROGRAM, folder, String(place), String(ROUNDS), String(BATCH)],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      ),
    );
    await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')));
    const lost: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const shared = new SharedRunRegistry(`run ${round}`, {
        folder: at(Math.floor(round / BATCH)),
      });
      for (const place of processes.keys()) {
        const id = `arn/${round}/${place}`;
        if (!shared.isDeclared(id)) lost.push(id);
      }
    }
    for (const { stdin } of processes) stdin.end();
    await Promise.all(processes.map((one) => once(one, 'exit')));
    expect(lost).toEqual([]);
  }, 1_800_000);
});
