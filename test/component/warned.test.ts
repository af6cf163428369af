import {
  CancelKeyDeletionCommand,
  DeleteImportedKeyMaterialCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { offline, type Engine } from '../support/imported-key-life';
import { clientOf, createKey, materialsOf } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(300_000);

let kms: EmbeddedKms;
let client: KMSClient;
let project: AwsProgram;
let engine: Engine;
let keyId: string;

beforeAll(async () => {
  kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
  client = clientOf(kms, REGION);
  project = new AwsProgram(kms);
  for (const number of [1, 2]) project.write(`${number}.bin`, randomBytes(32));
  project.program(`
    const key = new byok.ImportedKey('root', { materials: [{ file: '1.bin' }, { file: '2.bin' }] });
    exports.keyId = key.keyId;`);
  engine = await offline(project);
  const { ok, text } = await engine.up();
  expect(ok ? '' : text).toBe('');
  ({ keyId } = (await engine.outputs()) as { keyId: string });
});

afterAll(async () => {
  client.destroy();
  project.remove();
  await kms.close();
});

const linesWith = (text: string, ...parts: readonly string[]): string[] =>
  text.split('\n').filter((line) => parts.every((part) => line.includes(part)));

describe('when one of two materials of an ImportedKey is lost', () => {
  it('a refresh warns once, and names that material', async () => {
    const [lost] = await materialsOf(client, keyId);
    const { KeyMaterialId = '' } = lost!;
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId }));
    const { text } = await engine.refresh();
    expect(linesWith(text, 'warning', keyId, KeyMaterialId)).toHaveLength(1);
    expect(text).not.toContain('other material');
    expect((await engine.up()).ok).toBe(true);
  });
});

describe('when somebody has scheduled the deletion of the key of an ImportedKeyMaterial', () => {
  it('a refresh warns once, and so does each preview after it, with the command that cancels it', async () => {
    const owned = await createKey(client);
    project.program(`
      new byok.ImportedKey('root', { materials: [{ file: '1.bin' }, { file: '2.bin' }] });
      new byok.ImportedKeyMaterial('owned', { keyId: '${owned}', material: { file: '1.bin' } });`);
    expect((await engine.up()).ok).toBe(true);
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: owned, PendingWindowInDays: 7 }));
    const refreshed = await engine.refresh();
    expect(linesWith(refreshed.text, 'warning', owned, 'cancel-key-deletion')).toHaveLength(1);
    const previewed = await engine.preview();
    expect(previewed.ok ? '' : previewed.text).toBe('');
    expect(linesWith(previewed.text, owned, 'cancel-key-deletion')).not.toHaveLength(0);
    await client.send(new CancelKeyDeletionCommand({ KeyId: owned }));
    await client.send(new EnableKeyCommand({ KeyId: owned }));
    expect((await engine.refresh()).text).not.toContain('cancel-key-deletion');
    expect((await engine.preview()).text).not.toContain('cancel-key-deletion');
  });
});

describe('when a transform tags every resource', () => {
  it('it is refused with the place where the tags belong', async () => {
    project.program(`
      pulumi.runtime.registerStackTransformation(({ props, opts }) =>
        ({ props: { ...props, tags: { team: 'x' } }, opts }));
      new byok.ImportedKeyMaterial('tagged', { keyId: '${keyId}', material: { file: '1.bin' } });`);
    const { ok, text } = await engine.preview();
    expect(ok).toBe(false);
    expect(text).toContain('[UNKNOWN_INPUT]');
    expect(text).toContain('transform');
    expect(text).not.toContain('nearest known name');
  });
});
