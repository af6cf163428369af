import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf, run } from '../run-command';
import { CLI_PACKAGE, ENGINE_VERSION, GO_MODULE } from './versions';

/** The npm package that downloads the CLI of the version in PULUMI_VERSION. */
const LAUNCHER = 'pulumi@3.265.0';

type Say = (line: string) => void;

/** A way to get the CLI. */
interface Way {
  readonly name: string;
  /** Creates the folder `bin` with the CLI below the given folder. */
  bring(version: string, folder: string, say: Say): Promise<void>;
}

/** The ways to get the CLI, in the order in which they are tried. */
export const WAYS = [
  { name: 'go', bring: buildWithGo },
  { name: 'download', bring: download },
] as const satisfies readonly Way[];

async function buildWithGo(version: string, folder: string, say: Say): Promise<void> {
  const module = join(folder, 'module');
  mkdirSync(module);
  const go = (...args: string[]) => ({ program: 'go', args, cwd: module, env: process.env });
  say(`Building pulumi ${version} with Go. The first time takes several minutes.`);
  if (version === ENGINE_VERSION) {
    for (const file of ['go.mod', 'go.sum'])
      copyFileSync(join(GO_MODULE, file), join(module, file));
    await run(go('mod', 'download'), say, 'modules are downloaded');
  } else {
    writeFileSync(join(module, 'go.mod'), `module kms-byok.invalid/engine\n\n${GO_LINE}\n`);
    await run(go('get', '-tool', `${CLI_PACKAGE}@v${version}`), say, 'modules are downloaded');
  }
  const packages = (await outputOf(go('list', '-deps', CLI_PACKAGE))).trim().split('\n').length;
  const stamp = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version}`;
  await run(
    go(
      'build',
      '-v',
      '-o',
      join(folder, 'bin', 'pulumi'),
      '-ldflags',
      `-s -w -X ${stamp}`,
      CLI_PACKAGE,
    ),
    say,
    `of at most ${packages} packages are compiled`,
  );
}

// The first Go that supports tool lines in go.mod. The CLI's own module raises the version.
const GO_LINE = 'go 1.24.0';

async function download(version: string, folder: string, say: Say): Promise<void> {
  say(`Downloading pulumi ${version} through the npm package ${LAUNCHER}.`);
  await run(
    {
      program: 'npm',
      args: ['exec', '--yes', `--package=${LAUNCHER}`, '--', 'pulumi', 'version'],
      cwd: folder,
      env: {
        ...process.env,
        PULUMI_HOME: folder,
        PULUMI_VERSION: version,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
    },
    say,
    'lines were printed',
  );
  renameSync(join(folder, 'versions', version, 'bin'), join(folder, 'bin'));
}
