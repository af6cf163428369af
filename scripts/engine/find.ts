import { execFileSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { executableIn } from '../executable';
import { engineCacheFolder } from './cache';
import { ENGINE_VERSION } from './versions';

const ROOT = join(__dirname, '..', '..');

/** The variable that names the folder of the `pulumi` to use. */
export const FOLDER_VARIABLE = 'PULUMI_KMS_BYOK_ENGINE';

/** The variable that selects the language host of `language-host`, if set to `test`, even if Pulumi's own is installed. */
export const HOST_VARIABLE = 'PULUMI_KMS_BYOK_LANGUAGE_HOST';

/** Name of the engine in the titles of tests that need it. */
export const REAL_ENGINE = 'the real Pulumi engine';

/** The real Pulumi engine. */
export interface Engine {
  /** Such as `3.274.1`. */
  readonly version: string;
  /** The CLI. */
  readonly program: string;
  /** Where it was found. */
  readonly origin: typeof FOLDER_VARIABLE | 'PATH' | 'cache';
  /** Whose language host runs Node.js programs: Pulumi's own, or that of `language-host`. */
  readonly languageHost: 'pulumi' | 'test';
  /** The PATH with which the CLI finds its language host. */
  readonly path: string;
}

/** The command that installs an engine on a machine without one. */
export const GET_ENGINE = 'npm run engine';

/**
 * Finds the `pulumi` that tests, demo and bench run: in the folder that PULUMI_KMS_BYOK_ENGINE names, on PATH,
 * or in the cache that `npm run engine` fills.
 *
 * @returns undefined if there is none
 * @throws Error if the named folder has no `pulumi`
 */
export function findEngine(env: NodeJS.ProcessEnv = process.env): Engine | undefined {
  const path = env.PATH ?? '';
  const named = env[FOLDER_VARIABLE];
  if (named !== undefined && named !== '') {
    const program = executableIn([named], 'pulumi');
    if (program === undefined) {
      throw new Error(`${FOLDER_VARIABLE} names ${named}, which has no pulumi. Run: ${GET_ENGINE}`);
    }
    return engineOf(program, FOLDER_VARIABLE, env);
  }
  const installed = executableIn(path.split(delimiter), 'pulumi');
  if (installed !== undefined) return engineOf(installed, 'PATH', env);
  const cached = executableIn([engineCacheFolder(ENGINE_VERSION, env)], 'pulumi');
  return cached === undefined ? undefined : engineOf(cached, 'cache', env);
}

function engineOf(program: string, origin: Engine['origin'], env: NodeJS.ProcessEnv): Engine {
  const own = dirname(program);
  const path = env.PATH ?? '';
  const installedHost = executableIn([own, ...path.split(delimiter)], 'pulumi-language-nodejs');
  const ownHost = installedHost === undefined || env[HOST_VARIABLE] === 'test';
  return {
    // The program takes 0.15 s to print it, and most users of the engine do not ask.
    get version() {
      return versionOf(program);
    },
    program,
    origin,
    languageHost: ownHost ? 'test' : 'pulumi',
    path: [
      // Before everything else: the engine takes the first host on PATH.
      ...(ownHost ? [join(ROOT, 'packages', 'pulumi-offline-engine', 'language-host')] : []),
      own,
      path,
      // The SDK contains the launcher of the dynamic provider.
      join(ROOT, 'node_modules', '@pulumi', 'pulumi'),
    ].join(delimiter),
  };
}

function versionOf(program: string): string {
  const printed = execFileSync(program, ['version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  return printed.trim().replace(/^v/, '');
}
