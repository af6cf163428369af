import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { PartialFailure } from '../../src/engine/resource-provider';
import { UNKNOWN } from '../../src/engine/values';
import { works } from '../../../embedded-kms/test/support/kms-key';
import { importMaterial } from '../../../embedded-kms/test/support/world';
import { PluginResource, startPluginWorld, type PluginWorld } from './plugin-resource';

const DAY = 86_400_000;
// KMS refuses a policy that would not let the caller change it again.
const EVERYBODY = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
const POLICY = { Version: '2012-10-17', Statement: [EVERYBODY] };
const TYPE = 'aws:kms/externalKey:ExternalKey';

let world: PluginWorld;
let kms: PluginWorld['kms'];
let client: PluginWorld['client'];
let plugin: PluginWorld['plugin'];
let key: PluginResource;

beforeAll(async () => {
  world = await startPluginWorld();
  ({ kms, client, plugin } = world);
});

afterAll(() => world.close());

beforeEach(() => {
  key = new PluginResource(plugin, TYPE);
});

const material = (): string => randomBytes(32).toString('base64');
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const calls = (): string[] => kms.calls.map(({ operation }) => operation);
const describeKey = async (id = key.id) =>
  (await client.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata!;

describe('when an ExternalKey is created', () => {
  it('it waits for its import, with the policy, tags and description of the program', async () => {
    await key.up({ description: 'root', tags: { team: 'a' }, policy: JSON.stringify(POLICY) });
    expect(key.outputs.keyState).toBe('PendingImport');
    expect(await describeKey()).toMatchObject({ Origin: 'EXTERNAL', Description: 'root' });
    const { Tags } = await client.send(new ListResourceTagsCommand({ KeyId: key.id }));
    expect(Tags).toEqual([{ TagKey: 'team', TagValue: 'a' }]);
    const recorded = key.outputs;
    expect(await key.refresh()).toBe(true);
    expect(key.outputs).toEqual(recorded);
    expect(await key.up(key.inputs)).toBe('same');
  });

  it('material of the program is imported, with the wrapping of the real provider', async () => {
    kms.clearCalls();
    await key.up({ keyMaterialBase64: material(), validTo: inDays(1) });
    expect(key.outputs.keyState).toBe('Enabled');
    expect(await works(client, key.id)).toBe(true);
    const asked = kms.calls.find(({ operation }) => operation === 'GetParametersForImport');
    expect(asked).toMatchObject({
      input: { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
    });
  });

  it('validTo without material is ignored', async () => {
    kms.clearCalls();
    await key.up({ validTo: inDays(1) });
    expect(key.outputs).not.toHaveProperty('validTo');
    expect(calls()).not.toContain('ImportKeyMaterial');
  });

  it('a key whose import fails stays, as one that is not complete', async () => {
    const refused = key.up({ keyMaterialBase64: randomBytes(31).toString('base64') });
    const failure: unknown = await refused.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    expect((await describeKey((failure as PartialFailure).id)).KeyState).toBe('PendingImport');
  });

  it('a preview calls nothing, and does not know what AWS will say', async () => {
    kms.clearCalls();
    expect(await key.preview({ description: 'd' })).toMatchObject({
      arn: UNKNOWN,
      keyState: UNKNOWN,
      description: 'd',
    });
    expect(calls()).toEqual([]);
  });
});

describe('when an ExternalKey is changed', () => {
  it.each([
    ['description', { description: 'other' }, 'UpdateKeyDescription'],
    ['policy', { policy: JSON.stringify({ ...POLICY, Id: 'other' }) }, 'PutKeyPolicy'],
    ['tags', { tags: { other: 'tag' } }, 'TagResource'],
  ])('%s is changed in place', async (_what, changed, call) => {
    const before = { description: 'one', policy: JSON.stringify(POLICY), tags: { a: 'b' } };
    await key.up(before);
    const { id } = key;
    kms.clearCalls();
    expect(await key.up({ ...before, ...changed })).toBe('update');
    expect(calls()).toContain(call);
    expect(key.id).toBe(id);
    expect(await key.up({ ...before, ...changed })).toBe('same');
  });

  it('a policy that says the same is no change', async () => {
    await key.up({ policy: JSON.stringify(POLICY) });
    expect(await key.up({ policy: JSON.stringify(POLICY, undefined, 2) })).toBe('same');
  });

  it('it is disabled and enabled once it has material', async () => {
    const keyMaterialBase64 = material();
    await key.up({ keyMaterialBase64 });
    await key.up({ keyMaterialBase64, enabled: false });
    expect((await describeKey()).KeyState).toBe('Disabled');
    await key.up({ keyMaterialBase64, enabled: true });
    expect((await describeKey()).KeyState).toBe('Enabled');
  });

  it('enabled is a lasting difference while there is no material', async () => {
    await key.up({ enabled: true });
    expect(await key.up({ enabled: true })).toBe('update');
    expect(await key.up({ enabled: true })).toBe('update');
    expect((await describeKey()).KeyState).toBe('PendingImport');
  });

  it.each([
    ['keyMaterialBase64', { keyMaterialBase64: material() }],
    ['keySpec', { keySpec: 'SYMMETRIC_DEFAULT' }],
    ['keyUsage', { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' }],
    ['multiRegion', { multiRegion: true }],
    ['region', { region: 'eu-central-1' }],
  ])('another %s replaces it', async (_what, changed) => {
    await key.up({});
    const { id } = key;
    expect(await key.up(changed)).toBe('replace');
    expect(key.id).not.toBe(id);
    expect((await describeKey(id)).KeyState).toBe('PendingDeletion');
  });

  it('keySpec under ignoreChanges does not', async () => {
    await key.up({});
    expect(await key.up({ keySpec: 'SYMMETRIC_DEFAULT' }, ['keySpec'])).toBe('same');
  });
});

describe('when something else imports material with an expiry', () => {
  const IGNORED = ['validTo', 'enabled', 'keyMaterialBase64'];
  const validTo = new Date(Math.floor((Date.now() + 30 * DAY) / 1000) * 1000);

  beforeEach(async () => {
    await key.up({});
    await importMaterial({ client }, key.id, randomBytes(32), {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: validTo,
    });
  });

  it('a refresh records validTo, and every update imports empty material and fails', async () => {
    expect(await key.up({})).toBe('same');
    await key.refresh();
    expect(key.outputs).toMatchObject({
      validTo: validTo.toISOString().replace('.000Z', 'Z'),
      enabled: true,
    });
    for (const attempt of [1, 2]) {
      kms.clearCalls();
      await expect(key.up({})).rejects.toThrow(/Exception/);
      expect([attempt, calls()]).toEqual([
        attempt,
        expect.arrayContaining(['GetParametersForImport', 'ImportKeyMaterial']),
      ]);
    }
    expect(await works(client, key.id)).toBe(true);
  });

  it('with ignoreChanges it stays as it is, also when something else is changed', async () => {
    await key.refresh();
    expect(await key.up({}, IGNORED)).toBe('same');
    kms.clearCalls();
    expect(await key.up({ description: 'changed' }, IGNORED)).toBe('update');
    expect(calls()).not.toContain('ImportKeyMaterial');
    expect(await works(client, key.id)).toBe(true);
  });

  it('the loss of the material is no difference, although the key is unusable', async () => {
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: key.id }));
    await key.refresh();
    expect(key.outputs).toMatchObject({ keyState: 'PendingImport', enabled: false });
    expect(await key.up({})).toBe('same');
  });
});

describe('when an ExternalKey is gone', () => {
  it('its deletion is scheduled, with the window of the program, once', async () => {
    await key.up({ deletionWindowInDays: 7 });
    await key.destroy();
    const { KeyState, DeletionDate } = await describeKey();
    expect(KeyState).toBe('PendingDeletion');
    expect(Math.round((DeletionDate!.getTime() - Date.now()) / DAY)).toBe(7);
    await key.destroy();
    expect(await key.refresh()).toBe(false);
  });
});

describe('when an existing key is imported', () => {
  it('all of its properties become inputs', async () => {
    await key.up({ description: 'old', tags: { a: 'b' } });
    const adopted = new PluginResource(plugin, TYPE);
    adopted.id = `${key.id}@eu-west-1`;
    await adopted.refresh();
    expect(adopted.id).toBe(key.id);
    expect(adopted.inputs).toMatchObject({ description: 'old', tags: { a: 'b' }, enabled: false });
    expect(await adopted.up({ description: 'old', tags: { a: 'b' } })).toBe('same');
    expect(await adopted.up({ description: 'new', tags: { a: 'b' } })).toBe('update');
  });
});
