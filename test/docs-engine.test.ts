import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cliEnvironment } from '../scripts/engine/environment';
import { ENGINE_VERSION } from '../scripts/engine/versions';
import { writeProgram } from './scripts/write-program';
import { describeWithPulumi } from './support/describe-with-pulumi';
import { installPackages } from './support/install-packages';
import { ENGINE } from './support/pulumi-cli';

jest.setTimeout(240_000);

const ROOT = join(__dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'how-to', 'test-your-stack.md'), 'utf8');
const [, COMMANDS = ''] = /^```sh\n(mkdir engine[^]*?)^```$/m.exec(PAGE) ?? [];

/** Replaces Go: `go build -o FILE` links the engine of this machine. */
const GO = `case "$1" in
  build) ln -s "$REAL_PULUMI" "$3" ;;
  get | mod) ;;
  *) exit 2 ;;
esac`;

describe('when the page on tests names a version of the engine', () => {
  it('it is the one that the tests of this package use', () => {
    const versions = [...COMMANDS.matchAll(/\b3\.\d+\.\d+/g)].map(([version]) => version);
    expect([...new Set(versions)]).toEqual([ENGINE_VERSION]);
  });
});

describeWithPulumi('when the commands for an engine from its Go module are run', () => {
  it('that engine runs a program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-docs-engine-'));
    installPackages(folder);
    const name = 'pulumi-offline-engine';
    symlinkSync(join(ROOT, 'packages', name), join(folder, 'node_modules', name));
    writeProgram(join(folder, 'bin', 'go'), GO);
    writeFileSync(
      join(folder, 'Pulumi.yaml'),
      'name: keys\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n',
    );
    writeFileSync(join(folder, 'index.js'), "exports.said = require('pulumi-kms-byok') && 'so';");
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-e', '-c', `${COMMANDS}\npulumi stack init dev\npulumi preview --non-interactive`],
      {
        cwd: folder,
        env: {
          ...cliEnvironment(ENGINE!, folder, 'test'),
          PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
          REAL_PULUMI: ENGINE?.program,
        },
      },
    );
    expect(stdout).toMatch(/\bsaid *: "so"/);
    rmSync(folder, { recursive: true });
  });
});
