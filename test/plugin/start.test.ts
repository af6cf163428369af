import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** State of the process of the plugin after its start. */
interface Started {
  readonly port: number;
  /** Paths of the loaded modules. */
  readonly modules: readonly string[];
}

function start(...args: string[]): Started {
  const output = execFileSync(join(ROOT, 'plugin', 'pulumi-resource-kms-byok'), args, {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--require ${join(__dirname, 'print-modules.js')}`,
    },
  });
  return JSON.parse(output) as Started;
}

describe('when the engine starts the native plugin', () => {
  // The whole SDK takes most of the time that the dynamic provider needs to start.
  it('it serves a port, and has loaded only the messages of the SDK, and nothing of the AWS SDK', () => {
    const { port, modules } = start('127.0.0.1:1');
    expect(port).toBeGreaterThan(0);
    const ofPulumi = modules.flatMap((path) => /\/@pulumi\/pulumi\/(.*)/.exec(path)?.[1] ?? []);
    expect(ofPulumi.length).toBeGreaterThan(0);
    expect(ofPulumi.filter((path) => !path.startsWith('proto/'))).toEqual([]);
    expect(
      modules.filter((path) => /\/(@aws-sdk|@smithy|typescript|ts-node)\//.test(path)),
    ).toEqual([]);
  });

  it('flags of the engine before its address are none of its business', () => {
    expect(start('--logtostderr', '-v=9', '127.0.0.1:1').port).toBeGreaterThan(0);
  });
});
