import { ListKeyRotationsCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OfflineStack } from '../../src/testing/engine/index';
import { startKms, type Kms } from '../../src/testing/kms/index';
import { clientOf, createKey, CREDENTIALS, works } from '../support/kms-key';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(240_000);

let kms: Kms;
let client: KMSClient;
let keyId: string;
let project: ProjectFolder;

beforeAll(async () => {
  kms = await startKms({ rotationSeconds: 1 });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(async () => {
  keyId = await createKey(client);
  kms.clearCalls();
  project = new ProjectFolder();
});

afterEach(() => {
  project.remove();
});

const surroundings = () => ({
  config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
  env: {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: 'eu-west-1',
  },
});

/** A key with a row of materials, each of which is rotated to. */
const row = (names: readonly string[]): Declared => {
  const declared: Declared = {};
  for (const [index, name] of names.entries()) {
    const before = names[index - 1];
    const after = index > 1 ? { after: { $resource: `to-${before}` } } : {};
    declared[name] = {
      args: {
        keyId,
        material: { file: `${name}.bin` },
        ...(before === undefined ? {} : { importType: 'NEW_KEY_MATERIAL' }),
      },
      opts:
        before === undefined
          ? {}
          : { dependsOn: [{ $resource: index > 1 ? `to-${before}` : before }] },
    };
    if (before === undefined) continue;
    declared[`to-${name}`] = {
      class: 'OnDemandRotation',
      args: { keyId, keyMaterialId: { $output: [name, 'keyMaterialId'] }, ...after },
    };
  }
  return declared;
};
const rotations = async () =>
  (await client.send(new ListKeyRotationsCommand({ KeyId: keyId }))).Rotations!;

interface Stack {
  up(): Promise<{ readonly ok: boolean; readonly summary: object }>;
  refresh(): Promise<{ readonly ok: boolean }>;
  destroy(): Promise<{ readonly ok: boolean; readonly summary: object }>;
}

const rotatesTwice = async (stack: Stack): Promise<void> => {
  for (const name of ['a', 'b', 'c']) project.write(`${name}.bin`, randomBytes(32));
  project.declare(row(['a', 'b']));
  expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 3 } });
  kms.clearCalls();
  expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 3 } });
  expect(kms.calls).toHaveLength(0);
  project.declare(row(['a', 'b', 'c']));
  expect(await stack.up()).toMatchObject({ ok: true, summary: { create: 2, same: 3 } });
  expect(await rotations()).toHaveLength(2);
  expect((await stack.refresh()).ok).toBe(true);
  expect(await stack.up()).toMatchObject({ ok: true, summary: { same: 5 } });
  expect(await works(client, keyId)).toBe(true);
  expect(await stack.destroy()).toMatchObject({ ok: true, summary: { delete: 5 } });
};

describe('when the offline engine rotates a key through three materials', () => {
  it('each update rotates once, and a second update changes nothing', async () => {
    await rotatesTwice(
      new OfflineStack({
        projectDir: project.programFolder,
        stateFile: join(project.engineFolder, 'state.json'),
        ...surroundings(),
      }),
    );
  });
});

describeWithPulumi('when the real engine rotates a key through three materials', () => {
  it('each update rotates once, and a second update changes nothing', async () => {
    await rotatesTwice(
      await PulumiCli.create({
        projectDir: project.programFolder,
        folder: project.engineFolder,
        ...surroundings(),
      }),
    );
  });
});
