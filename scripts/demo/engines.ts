import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { OfflineStack } from 'pulumi-kms-byok/testing';

/** What runs the program in the demo. */
export interface DemoEngine {
  readonly title: string;
  run(operation: 'up' | 'refresh' | 'destroy', config: Config): Promise<string>;
}

/** Stack configuration. */
export type Config = Readonly<Record<string, string>>;

interface Place {
  /** Folder with Pulumi.yaml. */
  readonly projectDir: string;
  /** Folder for all that the engine writes. */
  readonly folder: string;
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: '111122223333', AWS_SECRET_ACCESS_KEY: 'demo' };

/** The real engine where `pulumi` is on PATH, else the offline one. */
export function chooseEngine(place: Place): DemoEngine {
  const version = pulumiVersion();
  return version === undefined ? offlineEngine(place) : realEngine(place, version);
}

function pulumiVersion(): string | undefined {
  try {
    const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('pulumi', ['version'], { encoding: 'utf8', stdio }).trim();
  } catch {
    return undefined;
  }
}

function offlineEngine({ projectDir, folder }: Place): DemoEngine {
  return {
    title: 'the offline test engine (no pulumi on PATH)',
    run: async (operation, config) => {
      const stack = new OfflineStack({
        projectDir,
        stateFile: join(folder, 'state.json'),
        config,
        env: CREDENTIALS,
      });
      const reports = [
        ...(operation === 'up' ? [await stack.preview()] : []),
        await stack[operation](),
      ];
      const output = reports.flatMap(({ lines }) => lines).join('\n');
      if (!reports.every(({ ok }) => ok)) throw new Error(`${operation} failed\n${output}`);
      return output;
    },
  };
}

function realEngine({ projectDir, folder }: Place, version: string): DemoEngine {
  for (const name of ['home', 'backend']) mkdirSync(join(folder, name), { recursive: true });
  const env = {
    ...process.env,
    ...CREDENTIALS,
    PULUMI_HOME: join(folder, 'home'),
    PULUMI_BACKEND_URL: `file://${join(folder, 'backend')}`,
    PULUMI_CONFIG_PASSPHRASE: 'demo',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: 'true',
  };
  const pulumi = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile(
        'pulumi',
        ['--non-interactive', ...args],
        { cwd: projectDir, env, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const output = `${stdout}${stderr}`;
          if (error === null) resolve(output);
          else reject(new Error(`pulumi ${args[0] ?? ''} failed\n${output}`));
        },
      );
    });
  let ready = false;
  return {
    title: `pulumi ${version}`,
    run: async (operation, config) => {
      if (!ready) await pulumi('stack', 'init', 'demo');
      ready = true;
      for (const [key, value] of Object.entries(config)) {
        await pulumi('config', 'set', '--stack', 'demo', key, '--', value);
      }
      // As a person runs it: an update with its preview.
      return pulumi(operation, '--yes', '--stack', 'demo');
    },
  };
}
