import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnoseMaterialFiles } from '../../../src/cli/doctor/material-files';

let folder: string;

const write = (name: string, content: string, mode = 0o600): void => {
  writeFileSync(join(folder, name), content, { mode });
  chmodSync(join(folder, name), mode);
};
const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder });
const diagnosed = async (): Promise<string[]> =>
  (await diagnoseMaterialFiles(folder, process.env)).map(
    ({ verdict, found }) => `${verdict} ${found}`,
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kms-byok-doctor-'));
  write(
    'index.ts',
    `import 'pulumi-kms-byok';\nuse({ file: 'root.bin' }, { file: "keys/a.bin" });`,
  );
  mkdirSync(join(folder, 'keys'));
  write('root.bin', 'secret');
  write('keys/a.bin', 'secret');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('when doctor looks at the files that a program names as material', () => {
  it('outside of a repository, files that no other user can read are well', async () => {
    expect(await diagnosed()).toEqual(['ok root.bin, keys/a.bin']);
  });

  it('one that git has is a problem, and one that git add would take a warning', async () => {
    git('init', '--quiet');
    git('add', 'keys/a.bin');
    const found = await diagnosed();
    expect(found).toEqual([
      expect.stringMatching(/^problem .*: keys\/a\.bin$/),
      expect.stringMatching(/^warning .*: root\.bin$/),
    ]);
  });

  it('one that is ignored is well', async () => {
    git('init', '--quiet');
    write('.gitignore', '*.bin\n');
    expect(await diagnosed()).toEqual(['ok root.bin, keys/a.bin']);
  });

  it('one that other users can read is a warning', async () => {
    write('root.bin', 'secret', 0o644);
    expect(await diagnosed()).toEqual([expect.stringMatching(/^warning .*: root\.bin$/)]);
  });

  it('a program in YAML names it too, and a file that is not there is nothing', async () => {
    write('index.ts', '');
    write(
      'Pulumi.yaml',
      'resources:\n  key:\n    type: kms-byok:index:ImportedKey\n    properties:\n      materials:\n        - file: root.bin\n        - { file: absent.bin }\n',
    );
    expect(await diagnosed()).toEqual(['ok root.bin']);
  });

  it('other programs and installed packages are not searched', async () => {
    write('index.ts', `use({ file: 'root.bin' })`);
    mkdirSync(join(folder, 'node_modules'));
    write('node_modules/index.js', `require('pulumi-kms-byok'); use({ file: 'root.bin' })`);
    expect(await diagnosed()).toEqual([expect.stringMatching(/^skipped /)]);
  });
});
