import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliEnvironment } from '../scripts/engine/environment';
import { startKms } from 'embedded-kms';
import { AWS_ENVIRONMENT, AWS_PLUGIN } from './support/aws-program';
import { installPackages } from './support/install-packages';
import { describeWithPulumi } from './support/describe-with-pulumi';
import { ENGINE } from './support/pulumi-cli';

jest.setTimeout(600_000);

const ROOT = join(__dirname, '..');

interface Block {
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const BLOCKS: Block[] = [
  ...readFileSync(join(ROOT, 'docs', 'tutorial.md'), 'utf8').matchAll(
    /^```(sh|js) (.*)\n([\s\S]*?)^```$/gm,
  ),
].map(([, language = '', attributes = '', text = '']) => ({
  language,
  attributes: Object.fromEntries(
    attributes.split(' ').map((attribute) => attribute.split('=') as [string, string]),
  ),
  text,
}));

// Replaces the registry: moves the packages of this repository to where an installation puts them.
const NPM = `#!/bin/sh
case "$1" in
  init) echo '{"name":"keys","main":"index.js"}' > package.json ;;
  install) mv ../node_modules . ;;
esac
`;

// The tutorial has a separate step for the preview. An update without its own preview takes half the runs.
const PULUMI = `#!/bin/sh
case "$1" in
  up | destroy) exec "$REAL_PULUMI" "$@" --skip-preview ;;
  *) exec "$REAL_PULUMI" "$@" ;;
esac
`;

/** The line of an argument of the key, or the last one of the key. */
function lineOf(argument = ''): RegExp {
  return argument === 'end' ? /^}\);$/m : new RegExp(`(?<=^  )${argument}: .*$`, 'm');
}

describeWithPulumi('when the commands of the tutorial are run', () => {
  it('they end where it says, step by step', async () => {
    const kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'byok-tutorial-'));
    mkdirSync(join(folder, 'bin'));
    installPackages(folder);
    writeFileSync(join(folder, 'bin', 'npm'), NPM, { mode: 0o755 });
    writeFileSync(join(folder, 'bin', 'pulumi'), PULUMI, { mode: 0o755 });
    const env = {
      ...cliEnvironment(ENGINE!, folder, 'test'),
      ...AWS_ENVIRONMENT,
      REAL_PULUMI: ENGINE?.program,
      PATH: `${join(folder, 'bin')}:${ENGINE?.path ?? ''}`,
    };
    const project = join(folder, 'keys');
    const sh = (text: string, cwd = project): Promise<{ code: number | null; output: string }> =>
      new Promise((resolve) => {
        const child = spawn('bash', ['-e', '-c', text], { cwd, env });
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.once('close', (code) => {
          resolve({ code, output });
        });
      });

    const steps: string[] = [];
    const calls = new Map<string, string[]>();
    for (const { language, attributes, text } of BLOCKS) {
      const { step = '', file, insert, replace, fails } = attributes;
      steps.push(step);
      if (language === 'js' && file !== undefined) {
        writeFileSync(join(project, file), text);
      } else if (language === 'js') {
        const program = readFileSync(join(project, 'index.js'), 'utf8');
        const changed =
          insert === undefined
            ? program.replace(lineOf(replace), text.trim())
            : program.replace(lineOf(insert), `$&\n  ${text.trim()}`);
        expect(changed).not.toBe(program);
        writeFileSync(join(project, 'index.js'), changed);
      } else {
        kms.clearCalls();
        const { code, output } = await sh(text, step === 'project' ? folder : project);
        expect([step, code === 0, output]).toEqual([step, fails === undefined, output]);
        expect(output).toContain(fails ?? '');
        calls.set(
          step,
          kms.calls
            .map(({ operation, region }) => `${operation} ${region}`)
            .filter((call) => /^(Import|Rotate|Create|Schedule)/.test(call)),
        );
        if (step !== 'project') continue;
        const plugins = {
          providers: [{ name: 'aws', path: AWS_PLUGIN }],
        };
        appendFileSync(join(project, 'Pulumi.yaml'), `plugins: ${JSON.stringify(plugins)}\n`);
        await sh(`pulumi config set aws:endpoints '[{"kms":"${kms.url}"}]'`);
      }
    }

    const here = 'eu-central-1';
    expect(steps.at(-1)).toBe('end');
    expect(calls.get('create')).toEqual([
      `CreateKey ${here}`,
      `ImportKeyMaterial ${here}`,
      `CreateAlias ${here}`,
    ]);
    expect(calls.get('watch')).toEqual([`ImportKeyMaterial ${here}`]);
    expect(calls.get('region')).toEqual(['ImportKeyMaterial us-east-1', 'CreateAlias us-east-1']);
    expect(calls.get('rotate')).toEqual([
      `ImportKeyMaterial ${here}`,
      'ImportKeyMaterial us-east-1',
      `RotateKeyOnDemand ${here}`,
    ]);
    expect(calls.get('restore')).toEqual([]);
    expect(calls.get('end')).toEqual(
      expect.arrayContaining([`ScheduleKeyDeletion ${here}`, 'ScheduleKeyDeletion us-east-1']),
    );
    rmSync(folder, { recursive: true, force: true });
    await kms.close();
  });
});
