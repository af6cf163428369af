import { ListKeyRotationsCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { availableStack } from '../support/available-stack';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder, type Declared } from '../support/project-folder';

jest.setTimeout(240_000);

let kms: EmbeddedKms;
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

describe('when a key is rotated through three materials', () => {
  it('each update rotates once, and a second update changes nothing', async () => {
    const stack = await availableStack(project, {
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
      },
    });
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
  });
});
