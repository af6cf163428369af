import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { copyIn, fitOf, PACKAGE, type PackageCopy } from '../../domain/package-copy';
import { isAtLeast } from '../version';
import { ok, problem, skipped, warning, type Diagnosis } from './diagnosis';

const NAME = 'Native plugin';
const TIME_LIMIT_MS = 20_000;
const NO_ENGINE = '127.0.0.1:1';

/**
 * Checks the native plugin of a project: whether it is there, whether its version fits this command, and whether the
 * first Node.js on PATH starts it.
 *
 * @param own - the folder of this package
 */
export async function diagnosePlugin(
  project: string,
  source: string | undefined,
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  if (source === undefined) return [];
  if (!/^(?:\.{0,2}\/|[A-Za-z]:)/.test(source)) {
    return [skipped(NAME, `from ${source}, from where Pulumi installs it`)];
  }
  const folder = resolve(project, source);
  if (!existsSync(join(folder, 'PulumiPlugin.yaml'))) {
    return [
      problem(
        NAME,
        `there is none in ${folder}`,
        `npm install ${PACKAGE} @pulumi/pulumi, in the folder that Pulumi.yaml names the plugin in`,
      ),
    ];
  }
  const root = resolve(folder, '..');
  const version = existsSync(join(root, 'package.json'))
    ? [versionOf(copyIn(root), copyIn(own))]
    : [];
  return [...version, await startOf(folder, env)];
}

function versionOf(copy: PackageCopy, own: PackageCopy): Diagnosis {
  const fit = fitOf(copy, own);
  if (fit === 'same') return ok(NAME, `${copy.version} in ${copy.folder}`);
  const say = fit === 'incompatible' ? problem : warning;
  const older = isAtLeast(own.version, copy.version) ? copy.version : own.version;
  return say(
    NAME,
    `${copy.version} in ${copy.folder}, but this command is ${own.version}`,
    `install one version of ${PACKAGE} in place of ${older}, and run pulumi package add again`,
  );
}

// The plugin prints its port when it is ready, and then waits for the engine.
function startOf(folder: string, env: NodeJS.ProcessEnv): Promise<Diagnosis> {
  const name = `${NAME}, start`;
  return new Promise((done) => {
    const child = execFile(
      'node',
      [join(folder, 'index.js'), NO_ENGINE],
      { env, timeout: TIME_LIMIT_MS },
      (_error, _stdout, stderr) => {
        const [missing] = /Cannot find module '[^']+'/.exec(stderr) ?? [];
        done(
          problem(
            name,
            missing ?? 'Node.js does not start it',
            missing === undefined
              ? `run node ${join(folder, 'index.js')} to see why`
              : `npm install ${PACKAGE} @pulumi/pulumi @pulumi/aws, in the project of the plugin`,
          ),
        );
      },
    );
    child.stdout?.once('data', () => {
      done(ok(name, 'Node.js starts it'));
      child.kill();
    });
  });
}
