import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { CheckFailed, ResourceLife } from '../support/resource-life';

const START = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;
let life: ResourceLife;
let material: Buffer;
let inline: { inline: string };

const newLife = (config: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}): ResourceLife =>
  new ResourceLife({ kms, now: () => clock.now(), config, env });
const daysAhead = (days: number): string =>
  new Date(clock.now().getTime() + days * DAY).toISOString().replace('.000Z', 'Z');
const operations = (): string[] => kms.calls.map(({ operation }) => operation);
const imports = (): number => operations().filter((name) => name === 'ImportKeyMaterial').length;
const sent = (): unknown =>
  kms.calls.find(({ operation }) => operation === 'ImportKeyMaterial')?.input;

beforeAll(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(async () => {
  clock.set(START);
  kms.clearFaults();
  keyArn = await createKey(client);
  kms.clearCalls();
  material = randomBytes(32);
  inline = { inline: material.toString('base64') };
  life = newLife();
});

describe('when material is imported into a fresh key', () => {
  it('the key works and the state says what KMS holds', async () => {
    expect(await life.up({ keyId: keyArn, material: inline, validTo: daysAhead(30) })).toBe(
      'create',
    );

    expect(await works(client, keyArn)).toBe(true);
    const [held] = await materialsOf(client, keyArn);
    expect(life.id).toBe(`${keyArn}/${held!.KeyMaterialId!}`);
    expect(life.outs).toMatchObject({
      keyArn,
      keySpec: 'SYMMETRIC_DEFAULT',
      keyState: 'Enabled',
      importState: 'IMPORTED',
      keyMaterialId: held!.KeyMaterialId,
      keyMaterialState: 'CURRENT',
      expirationModel: 'KEY_MATERIAL_EXPIRES',
      validTo: '2026-07-01T12:00:00Z',
      materialSource: { kind: 'inline', encoding: 'base64' },
      importReceipt: {
        wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        wrappingKeySpec: 'RSA_4096',
        importedAt: '2026-06-01T12:00:00Z',
      },
      schemaVersion: 1,
    });
    expect(life.outs.importReceipt).toHaveProperty('requestId');
    expect(life.outs).not.toHaveProperty('material');
  });

  it('a second update changes nothing and calls nothing', async () => {
    const program = { keyId: keyArn, material: inline, validTo: daysAhead(30) };
    await life.up(program);
    kms.clearCalls();
    expect(await life.up(program)).toBe('same');
    expect(kms.calls).toHaveLength(0);
  });

  it('the order of calls spends GetParametersForImport last and once', async () => {
    await life.up({ keyId: keyArn, material: inline });
    expect(operations()).toEqual([
      'DescribeKey',
      'ListKeyRotations',
      'GetParametersForImport',
      'ImportKeyMaterial',
      'DescribeKey',
      'ListKeyRotations',
    ]);
  });

  it('the expiration model is always sent', async () => {
    await life.up({ keyId: keyArn, material: inline });
    expect(sent()).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    expect(life.outs).toMatchObject({ expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    expect(life.outs).not.toHaveProperty('validTo');
  });

  it('the declared wrapping is used', async () => {
    await life.up({
      keyId: keyArn,
      material: inline,
      wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      wrappingKeySpec: 'RSA_2048',
    });
    expect(await works(client, keyArn)).toBe(true);
    expect(life.outs.importReceipt).toMatchObject({
      wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      wrappingKeySpec: 'RSA_2048',
    });
  });

  it('a key that KMS does not find yet is looked for again', async () => {
    kms.inject({
      operation: 'DescribeKey',
      times: 2,
      fault: { kind: 'error', type: 'NotFoundException' },
    });
    kms.inject({
      operation: 'GetParametersForImport',
      times: 2,
      fault: { kind: 'error', type: 'NotFoundException' },
    });
    await life.up({ keyId: keyArn, material: inline });
    expect(life.waits).toEqual([500, 1000, 500, 1000]);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('the inline bytes are erased once they are imported', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const fingerprint = life.outs.materialFingerprint as `v1:${string}`;
    expect(life.plaintexts.get(fingerprint)).toBeUndefined();
  });
});

describe('when the expiration settings change', () => {
  const change = async (before: object, after: object): Promise<void> => {
    await life.up({ keyId: keyArn, material: inline, ...before });
    const { keyMaterialId } = life.outs;
    kms.clearCalls();
    expect(await life.up({ keyId: keyArn, material: inline, ...after })).toBe('update');
    expect(imports()).toBe(1);
    expect(life.outs).toMatchObject({ keyMaterialId, importState: 'IMPORTED' });
    expect(await works(client, keyArn)).toBe(true);
  };

  it('a later validTo imports the same material again, under the guard of its ID', async () => {
    await change({ validTo: daysAhead(30) }, { validTo: daysAhead(60) });
    expect(sent()).toMatchObject({
      ImportType: 'EXISTING_KEY_MATERIAL',
      KeyMaterialId: life.outs.keyMaterialId,
    });
    expect(life.outs.validTo).toBe('2026-07-31T12:00:00Z');
  });

  it('an expiry that is removed is removed in KMS', async () => {
    await change({ validTo: daysAhead(30) }, {});
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    expect(KeyMetadata).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
  });

  it('an expiry that is added is added in KMS', async () => {
    await change({}, { validFor: '90d' });
    expect(life.outs.validTo).toBe('2026-08-30T12:00:00Z');
  });

  it('a longer validFor begins anew now', async () => {
    await change({ validFor: '30d', renewBefore: '1d' }, { validFor: '90d', renewBefore: '1d' });
    expect(life.outs.validTo).toBe('2026-08-30T12:00:00Z');
  });

  it('a shorter validFor begins anew now', async () => {
    await change({ validFor: '90d' }, { validFor: '10d' });
    expect(life.outs.validTo).toBe('2026-06-11T12:00:00Z');
  });

  it('another way to write the same instant changes nothing', async () => {
    await life.up({ keyId: keyArn, material: inline, validTo: '2026-07-01T12:00:00Z' });
    const step = await life.up({
      keyId: keyArn,
      material: inline,
      validTo: '2026-07-01T14:00:00.75+02:00',
    });
    expect(step).toBe('same');
  });
});

describe('when the validity rolls', () => {
  const program = (): object => ({
    keyId: keyArn,
    material: inline,
    validFor: '90d',
    renewBefore: '30d',
  });

  it('nothing happens before the renewal is due', async () => {
    await life.up({ ...program() });
    clock.advance(60 * DAY);
    expect(await life.up({ ...program() })).toBe('same');
  });

  it('an update renews once it is due, and then is quiet again', async () => {
    await life.up({ ...program() });
    clock.advance(60 * DAY + 1);
    expect(await life.up({ ...program() })).toBe('update');
    expect(life.outs.validTo).toBe('2026-10-29T12:00:00Z');
    expect(life.outs.importReceipt).toMatchObject({
      firstImportedAt: '2026-06-01T12:00:00Z',
      importedAt: '2026-07-31T12:00:00Z',
    });
    expect(await life.up({ ...program() })).toBe('same');
  });

  it('a third of the validity is the default of renewBefore', async () => {
    await life.up({ keyId: keyArn, material: inline, validFor: '90d' });
    clock.advance(60 * DAY + 1);
    expect(await life.preview({ keyId: keyArn, material: inline, validFor: '90d' })).toBe('update');
  });

  it('the longest validity leaves room for a clock that is ahead', async () => {
    await life.up({ keyId: keyArn, material: inline, validFor: '365d' });
    expect(life.outs.validTo).toBe('2027-06-01T11:55:00Z');
  });
});

describe('when material is lost behind the back of the program', () => {
  it('a refresh records the loss, a preview shows it and an update heals it', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up(program);
    const { keyMaterialId } = life.outs;
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn }));

    await life.refresh();
    expect(life.outs).toMatchObject({ importState: 'PENDING_IMPORT', keyState: 'PendingImport' });
    expect(await life.preview(program)).toBe('update');
    expect(await life.up(program)).toBe('update');
    expect(life.outs).toMatchObject({
      keyMaterialId,
      importState: 'IMPORTED',
      keyState: 'Enabled',
    });
    expect(await works(client, keyArn)).toBe(true);
  });

  it('an expiry that has passed is seen without a refresh', async () => {
    await life.up({ keyId: keyArn, material: inline, validTo: daysAhead(10) });
    clock.advance(10 * DAY);
    expect(await works(client, keyArn)).toBe(false);
    const later = { keyId: keyArn, material: inline, validTo: daysAhead(30) };
    expect(await life.preview(later)).toBe('update');
    await life.up(later);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('an expiry that was changed behind the back of the program is put right', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up(program);
    const other = newLife();
    await other.up({ ...program, validTo: daysAhead(5) });
    await life.refresh();
    expect(life.outs.validTo).toBe('2026-06-06T12:00:00Z');
    expect(await life.up(program)).toBe('update');
    expect(life.outs).not.toHaveProperty('validTo');
  });

  it('a resource whose key is gone leaves the state', async () => {
    await life.up({ keyId: keyArn, material: inline });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    clock.advance(8 * DAY);
    await life.refresh();
    expect(life.id).toBeUndefined();
  });

  it('healing one material does not wait for another that is missing too', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const second = newLife();
    const staged = {
      keyId: keyArn,
      material: { inline: randomBytes(32).toString('base64') },
      importType: 'NEW_KEY_MATERIAL',
    };
    await second.up(staged);
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    clock.advance(61_000);
    for (const { KeyMaterialId } of await materialsOf(client, keyArn)) {
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn, KeyMaterialId }));
    }
    await life.refresh();
    await life.up({ keyId: keyArn, material: inline });
    expect(life.outs).toMatchObject({ importState: 'IMPORTED', keyState: 'PendingImport' });
    await second.refresh();
    await second.up(staged);
    expect(second.outs).toMatchObject({ importState: 'IMPORTED', keyState: 'Enabled' });
  });
});

describe('when a key has a history', () => {
  it('its own material is adopted after an import that proves it', async () => {
    await life.up({ keyId: keyArn, material: inline, validTo: daysAhead(30) });
    kms.clearCalls();
    const again = newLife();
    await again.up({ keyId: keyArn, material: inline, validTo: daysAhead(30) });
    expect(sent()).toMatchObject({
      ImportType: 'EXISTING_KEY_MATERIAL',
      KeyMaterialId: life.outs.keyMaterialId,
    });
    expect(again.id).toBe(life.id);
    expect(await materialsOf(client, keyArn)).toHaveLength(1);
  });

  it('adoption leaves a rolling expiry that is as declared', async () => {
    const program = { keyId: keyArn, material: inline, validFor: '90d', renewBefore: '10d' };
    await life.up(program);
    clock.advance(5 * DAY);
    const again = newLife();
    await again.up(program);
    expect(again.outs.validTo).toBe(life.outs.validTo);
  });

  it('a description that was forged for other material does not pass', async () => {
    const { inputs } = await life.provider.check({}, { keyId: keyArn, material: inline });
    // An importer of other bytes could write this, because the mark of the next material is not secret.
    const mark = `byok:${(inputs.materialFingerprint as string).slice(0, 35)}`;
    const { PublicKey, ImportToken } = await client.send(
      new GetParametersForImportCommand({
        KeyId: keyArn,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    );
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' });
    await client.send(
      new ImportKeyMaterialCommand({
        KeyId: keyArn,
        ImportToken,
        EncryptedKeyMaterial: publicEncrypt({ key, oaepHash: 'sha256' }, randomBytes(32)),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        KeyMaterialDescription: mark,
      }),
    );
    await expect(life.up({ keyId: keyArn, material: inline })).rejects.toThrowWithCode(
      'MATERIAL_REFUSED',
    );
  });

  it('its own material takes the expiry that is declared', async () => {
    await life.up({ keyId: keyArn, material: inline, validTo: daysAhead(30) });
    const again = newLife();
    await again.up({ keyId: keyArn, material: inline, validTo: daysAhead(40) });
    expect(again.outs.validTo).toBe('2026-07-11T12:00:00Z');
  });

  it('other material is refused by KMS and nothing is replaced', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const other = newLife();
    await expect(
      other.up({ keyId: keyArn, material: { inline: randomBytes(32).toString('base64') } }),
    ).rejects.toThrowWithCode('MATERIAL_REFUSED');
    expect(await works(client, keyArn)).toBe(true);
    expect(await materialsOf(client, keyArn)).toHaveLength(1);
  });

  it('new material is staged beside the current one', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const second = newLife();
    const staged = {
      keyId: keyArn,
      material: { inline: randomBytes(32).toString('base64') },
      importType: 'NEW_KEY_MATERIAL',
    };
    await second.up(staged);
    expect(second.outs).toMatchObject({
      keyMaterialState: 'PENDING_ROTATION',
      importState: 'IMPORTED',
    });
    expect(second.outs.keyMaterialId).not.toBe(life.outs.keyMaterialId);
    expect(await second.up(staged)).toBe('same');

    const third = newLife();
    await expect(
      third.up({ ...staged, material: { inline: randomBytes(32).toString('base64') } }),
    ).rejects.toThrowWithCode('MATERIAL_PENDING');
  });

  it('staged material is deleted by its own ID and the current one stays', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const second = newLife();
    await second.up({
      keyId: keyArn,
      material: { inline: randomBytes(32).toString('base64') },
      importType: 'NEW_KEY_MATERIAL',
    });
    await second.destroy();
    expect(await works(client, keyArn)).toBe(true);
    expect(await materialsOf(client, keyArn)).toHaveLength(1);
  });

  it.each(['EXISTING_KEY_MATERIAL', 'NEW_KEY_MATERIAL'])(
    '%s is refused on a key that never had material',
    async (importType) => {
      await expect(
        life.up({ keyId: keyArn, material: inline, importType }),
      ).rejects.toThrowWithCode('IMPORT_TYPE_REFUSED');
      expect(operations()).not.toContain('GetParametersForImport');
    },
  );
});

describe('when a key cannot take material', () => {
  const refuses = async (
    keyId: string,
    code: Parameters<jest.Matchers<void>['toThrowWithCode']>[0],
  ) => {
    await expect(life.up({ keyId, material: inline })).rejects.toThrowWithCode(code);
    expect(operations()).not.toContain('GetParametersForImport');
  };

  it('a key of origin AWS_KMS is refused', async () => {
    await refuses(await createKey(client, 'AWS_KMS'), 'KEY_ORIGIN');
  });

  it('a key that is pending deletion is refused', async () => {
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn }));
    await refuses(keyArn, 'KEY_PENDING_DELETION');
    await client.send(new CancelKeyDeletionCommand({ KeyId: keyArn }));
  });

  it('a key that does not exist is reported after a while', async () => {
    await refuses('1234abcd-12ab-34cd-56ef-1234567890ab', 'KEY_NOT_FOUND');
    expect(life.waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('material of a wrong length is refused before the scarcest call, when no keySpec is declared', async () => {
    await expect(
      life.up({ keyId: keyArn, material: { inline: randomBytes(31).toString('base64') } }),
    ).rejects.toThrowWithCode('MATERIAL_LENGTH');
    expect(operations()).not.toContain('GetParametersForImport');
  });
});

describe('when settings change that KMS does not know', () => {
  it('they are recorded without a call', async () => {
    await life.up({ keyId: keyArn, material: inline });
    kms.clearCalls();
    const step = await life.up({
      keyId: keyArn.split('/')[1],
      material: inline,
      keySpec: 'SYMMETRIC_DEFAULT',
      wrappingKeySpec: 'RSA_3072',
      deletionProtection: true,
      timeouts: { delete: 60 },
    });
    expect(step).toBe('update');
    expect(kms.calls).toHaveLength(0);
    expect(life.outs).toMatchObject({ deletionProtection: true, importState: 'IMPORTED' });
  });

  it('the same bytes may come from another source', async () => {
    life = newLife({}, { MATERIAL: material.toString('hex') });
    await life.up({ keyId: keyArn, material: inline });
    kms.clearCalls();
    const step = await life.up({ keyId: keyArn, material: { env: 'MATERIAL', encoding: 'hex' } });
    expect(step).toBe('update');
    expect(kms.calls).toHaveLength(0);
    expect(life.outs.materialSource).toEqual({ kind: 'env', env: 'MATERIAL', encoding: 'hex' });
  });

  it('a description is a matter of KMS and imports again', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up({ ...program, keyMaterialDescription: 'from vault 7' });
    expect((await materialsOf(client, keyArn))[0]!.KeyMaterialDescription).toMatch(
      /^byok:v1:[0-9a-f]{32}\.[0-9a-f]{12} from vault 7$/,
    );
    expect(life.outs.keyMaterialDescription).toBe('from vault 7');
    expect(await life.up(program)).toBe('update');
    expect((await materialsOf(client, keyArn))[0]!.KeyMaterialDescription).toMatch(
      /^byok:v1:[0-9a-f]{32}\.[0-9a-f]{12}$/,
    );
    expect(await life.up(program)).toBe('same');
  });
});

describe('when the bytes are different', () => {
  it('a preview fails, says so, and calls nothing', async () => {
    await life.up({ keyId: keyArn, material: inline });
    kms.clearCalls();
    const different = { keyId: keyArn, material: { inline: randomBytes(32).toString('base64') } };
    const failed = (await life.preview(different).catch((error: unknown) => error)) as CheckFailed;
    expect(failed).toBeInstanceOf(CheckFailed);
    expect(failed.codes).toEqual(['MATERIAL_DIFFERS']);
    expect(kms.calls).toHaveLength(0);
  });

  it('another key takes other bytes, as a replacement', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const otherKey = await createKey(client);
    const program = { keyId: otherKey, material: { inline: randomBytes(32).toString('base64') } };
    expect(await life.up(program)).toBe('replace');
    expect(await works(client, otherKey)).toBe(true);
    expect(await works(client, keyArn)).toBe(false);
  });

  it('another Region is another key', async () => {
    const keyId = keyArn.split('/')[1];
    await life.up({ keyId, material: inline });
    const elsewhere = { keyId, material: inline, connection: { region: 'eu-north-1' } };
    expect(await life.preview(elsewhere)).toBe('replace');
    // The Region in an ARN takes precedence over the configuration of the stack.
    const arn = keyArn.replace('eu-west-1', 'eu-north-1');
    expect(await life.preview({ keyId: arn, material: inline })).toBe('replace');
  });
});

describe('when a resource takes over the material of another in one update', () => {
  it('a rename keeps the material', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up(program);
    // One process creates the resource under its new name and deletes it under its old one.
    const { id, outs } = life;
    const renamed = newLife();
    await renamed.up(program);
    await renamed.provider.delete(id!, outs);
    expect(await works(client, keyArn)).toBe(true);
    expect(operations()).not.toContain('DeleteImportedKeyMaterial');
  });

  it('a replacement that was asked for keeps the material', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up(program);
    const { id, outs } = life;
    await life.preview(program);
    await life.provider.create(await life.check({}, program));
    await life.provider.delete(id!, outs);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('one of two resources on one material may go', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up(program);
    const twin = newLife();
    await twin.up(program);
    await life.up(program);
    await life.provider.delete(twin.id!, twin.outs);
    expect(await works(client, keyArn)).toBe(true);
  });
});

describe('when a multi-Region key has a replica', () => {
  it('the same material is imported into both, each in its Region, and each is repaired independently', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }),
    );
    const primary = KeyMetadata!.Arn!;
    await life.up({ keyId: primary, material: inline, keyMaterialDescription: 'root' });
    const { ReplicaKeyMetadata } = await client.send(
      new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-north-1' }),
    );
    clock.advance(60_000);
    const replica = ReplicaKeyMetadata!.Arn!;
    const other = newLife();
    await other.up({ keyId: replica, material: inline });
    const north = clientOf(kms, 'eu-north-1');
    expect(await works(client, primary)).toBe(true);
    expect(await works(north, replica)).toBe(true);
    expect(other.outs.materialFingerprint).toBe(life.outs.materialFingerprint);
    expect(await other.up({ keyId: replica, material: inline })).toBe('same');

    await other.destroy();
    expect(await works(north, replica)).toBe(false);
    expect(await works(client, primary)).toBe(true);
    north.destroy();
  });
});

describe('when the Region of the configuration has changed', () => {
  it('refresh, update and delete stay with the key of the state', async () => {
    const keyId = keyArn.split('/')[1];
    await life.up({ keyId, material: inline });
    const moved = newLife({ 'aws:region': '' });
    Object.assign(moved, { id: life.id, inputs: life.inputs, outs: life.outs });
    process.env.AWS_REGION = 'ap-south-1';
    try {
      await moved.refresh();
      expect(moved.outs).toMatchObject({ importState: 'IMPORTED', keyId });
      await moved.up({ keyId, material: inline, validFor: '30d' });
      expect(moved.outs).toMatchObject({ keyId, validTo: daysAhead(30) });
      await moved.destroy();
    } finally {
      delete process.env.AWS_REGION;
    }
    expect(await works(client, keyArn)).toBe(false);
  });
});

describe('when a preview imports for a reason that no input shows', () => {
  it('it reports the loss and the renewal', async () => {
    const program = { keyId: keyArn, material: inline, validFor: '30d', renewBefore: '10d' };
    await life.up(program);
    expect(life.told).toEqual([]);
    clock.advance(21 * DAY);
    await life.preview(program);
    expect(life.told).toEqual([expect.stringContaining('will be renewed')]);
    clock.advance(10 * DAY);
    await life.preview(program);
    expect(life.told.at(-1)).toContain('this update imports it');
  });
});

describe('when the material is deleted', () => {
  it('the key is unusable at once and a second deletion is a success', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const { id, outs } = life;
    await life.destroy();
    expect(await works(client, keyArn)).toBe(false);
    kms.clearCalls();
    await life.provider.delete(id!, outs);
    expect(operations()).not.toContain('DeleteImportedKeyMaterial');
  });

  it('a key that is pending deletion, or gone, is a success', async () => {
    await life.up({ keyId: keyArn, material: inline });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    const { id, outs } = life;
    await life.destroy();
    expect((await materialsOf(client, keyArn))[0]!.ImportState).toBe('PENDING_IMPORT');
    clock.advance(8 * DAY);
    await life.provider.delete(id!, outs);
  });

  it('a disabled key loses its material too', async () => {
    await life.up({ keyId: keyArn, material: inline });
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    await life.destroy();
    expect((await materialsOf(client, keyArn))[0]!.ImportState).toBe('PENDING_IMPORT');
  });

  it('deletionProtection refuses it until it is lifted', async () => {
    const program = { keyId: keyArn, material: inline };
    await life.up({ ...program, deletionProtection: true });
    await expect(life.destroy()).rejects.toThrowWithCode('DELETION_PROTECTED');
    expect(await works(client, keyArn)).toBe(true);
    const otherKey = { ...program, keyId: await createKey(client), deletionProtection: false };
    await expect(life.preview(otherKey)).rejects.toThrowWithCode('DELETION_PROTECTED');
    await life.up({ ...program, deletionProtection: false });
    await life.destroy();
    expect(await works(client, keyArn)).toBe(false);
  });
});

describe('when a resource of another stack is read', () => {
  it('its ID is enough to find the key and the material', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const { props } = await life.provider.read(life.id!, {});
    expect(props).toMatchObject({
      keyArn,
      keyMaterialId: life.outs.keyMaterialId,
      importState: 'IMPORTED',
    });
  });
});

describe('when the program no longer gives the material', () => {
  it('what is imported stays, and only an import asks for it', async () => {
    await life.up({ keyId: keyArn, material: inline });
    expect(await life.up({ keyId: keyArn })).toBe('same');
    await expect(
      newLifeFrom(life).up({ keyId: keyArn, validTo: daysAhead(30) }),
    ).rejects.toThrowWithCode('MATERIAL_MISSING');
  });

  // In another process: the plaintext cache of the first is gone.
  function newLifeFrom(before: ResourceLife): ResourceLife {
    const next = newLife();
    next.id = before.id;
    next.inputs = before.inputs;
    next.outs = before.outs;
    return next;
  }
});

describe('when a call is interrupted', () => {
  it.each(['ImportKeyMaterial', 'GetParametersForImport', 'DescribeKey', 'ListKeyRotations'])(
    'a lost response of %s ends in the declared state',
    async (operation) => {
      kms.inject({ operation, fault: { kind: 'lose-response' } });
      await life.up({ keyId: keyArn, material: inline, validTo: daysAhead(30) });
      expect(life.outs).toMatchObject({ importState: 'IMPORTED', validTo: daysAhead(30) });
      expect(await materialsOf(client, keyArn)).toHaveLength(1);
    },
  );

  it('new material whose every response is lost is found on the key', async () => {
    await life.up({ keyId: keyArn, material: inline });
    const bytes = randomBytes(32).toString('base64');
    kms.inject({ operation: 'ImportKeyMaterial', times: 6, fault: { kind: 'lose-response' } });
    const second = newLife();
    await second.up({
      keyId: keyArn,
      material: { inline: bytes },
      importType: 'NEW_KEY_MATERIAL',
    });
    expect(second.outs).toMatchObject({ keyMaterialState: 'PENDING_ROTATION' });
    expect(await materialsOf(client, keyArn)).toHaveLength(2);
  });

  it('an import that KMS does not show in time keeps its state, and the next update completes it', async () => {
    kms.inject({
      operation: 'DescribeKey',
      call: 2,
      times: 1000,
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    const program = { keyId: keyArn, material: inline };
    await expect(life.up(program)).rejects.toThrowWithCode('KMS_ACCESS_DENIED');
    expect(life.id).toContain(keyArn);
    kms.clearFaults();
    kms.clearCalls();
    await life.up(program);
    expect(imports()).toBe(0);
    expect(life.outs).toMatchObject({ importState: 'IMPORTED', importReceipt: {} });
  });

  // AWS KMS API Reference, Errors of GetParametersForImport and Common Errors.
  it.each([
    ['AccessDeniedException', 'KMS_ACCESS_DENIED'],
    ['UnrecognizedClientException', 'KMS_CREDENTIALS'],
    ['InvalidClientTokenId', 'KMS_CREDENTIALS'],
    ['ExpiredTokenException', 'KMS_CREDENTIALS'],
    ['InvalidSignatureException', 'KMS_CREDENTIALS'],
    ['MissingAuthenticationTokenException', 'KMS_CREDENTIALS'],
    ['KMSInvalidStateException', 'KMS_ERROR'],
    ['NotFoundException', 'KEY_NOT_FOUND'],
  ] as const)('%s becomes %s', async (type, code) => {
    kms.inject({ operation: 'GetParametersForImport', times: 9, fault: { kind: 'error', type } });
    await expect(life.up({ keyId: keyArn, material: inline })).rejects.toThrowWithCode(code);
  });

  it('a file that changes between the preview and the import is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-changed-'));
    const file = join(folder, 'material.bin');
    writeFileSync(file, material);
    const checked = await life.check({}, { keyId: keyArn, material: { file } });
    writeFileSync(file, randomBytes(32));
    await expect(life.provider.create(checked)).rejects.toThrowWithCode('MATERIAL_CHANGED');
    expect(operations()).not.toContain('GetParametersForImport');
    rmSync(folder, { recursive: true });
  });
});
