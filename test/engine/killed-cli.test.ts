import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { cliEnvironment } from '../../scripts/engine/environment';
import { clientOf, createKey, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { eventually } from '../../packages/pulumi-offline-engine/test/support/eventually';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { ProjectFolder } from '../support/project-folder';
import { killProviders, providerProcesses } from '../support/provider-processes';
import { ENGINE, PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(240_000);

const ENGINE_PACKAGE = join(__dirname, '..', '..', 'packages', 'pulumi-offline-engine');

// In the processes that are started with it a minute of an interval is 0.6 seconds.
const FASTER = `
const { setInterval: real } = globalThis;
globalThis.setInterval = (call, milliseconds, ...rest) => real(call, milliseconds / 100, ...rest);
`;

let kms: EmbeddedKms;
let project: ProjectFolder;
let begun: Promise<unknown>;
let release: () => void;

beforeEach(async () => {
  let begin: () => void;
  begun = new Promise<void>((resolve) => (begin = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  kms = await startKms({
    onCall: async ({ operation }) => {
      if (operation !== 'ImportKeyMaterial') return;
      begin();
      await released;
    },
  });
  project = new ProjectFolder();
  project.write('faster.cjs', FASTER);
  project.write('root.bin', randomBytes(32));
  const client = clientOf(kms);
  const keyId = await createKey(client);
  client.destroy();
  project.declare({ root: { args: { keyId, material: { file: 'root.bin' } } } });
});

afterEach(async () => {
  release();
  killProviders(project.programFolder);
  project.remove();
  await kms.close();
});

const config = () => ({
  'aws:region': 'eu-west-1',
  'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
});
const environment = () => ({
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(project.programFolder, 'faster.cjs')}`,
});

/** Kills it in the middle of an import, and waits for the end of its provider process, which nobody ends. */
async function killAndWait(cli: ChildProcess): Promise<void> {
  const ended = once(cli, 'exit');
  await Promise.race([begun, ended]);
  expect(providerProcesses(project.programFolder)).toHaveLength(1);
  cli.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  await eventually(() => providerProcesses(project.programFolder).length === 0);
}

// Only Linux has the list of processes.
const describeWithProcesses = describeUnless(
  process.platform === 'linux' ? undefined : 'the list of processes in /proc',
);

describeWithProcesses('when a CLI is killed in the middle of an import', () => {
  it('the provider process of the offline engine ends by itself', async () => {
    project.write(
      'cli.cjs',
      `const { OfflineStack } = require(${JSON.stringify(ENGINE_PACKAGE)});
       void new OfflineStack(${JSON.stringify({
         projectDir: project.programFolder,
         stateFile: join(project.engineFolder, 'state.json'),
         config: config(),
       })}).up();`,
    );
    await killAndWait(
      spawn(process.execPath, [join(project.programFolder, 'cli.cjs')], {
        env: { ...process.env, ...environment() },
        stdio: 'ignore',
      }),
    );
  });

  describeWithPulumi('when it is that of Pulumi', () => {
    it('its provider process ends by itself', async () => {
      await PulumiCli.create({
        projectDir: project.programFolder,
        folder: project.engineFolder,
        config: config(),
      });
      await killAndWait(
        spawn(
          ENGINE!.program,
          ['up', '--non-interactive', '--yes', '--skip-preview', '--stack', 'test'],
          {
            cwd: project.programFolder,
            env: { ...cliEnvironment(ENGINE!, project.engineFolder, 'test'), ...environment() },
            stdio: 'ignore',
          },
        ),
      );
    });
  });
});
