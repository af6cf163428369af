import { randomBytes } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describeKey, importMaterial, materials, wrap } from '../support/world';
import { startTarget, type Target } from './target';

// One suite for the embedded KMS and for AWS itself. It asserts what was recorded from AWS or what
// AWS documents, and nothing that is inferred.

const SLOW = 10 * 60_000; // on AWS each rotation takes a minute
let target: Target;
beforeAll(async () => {
  target = await startTarget();
}, SLOW);
afterAll(() => target.close(), SLOW);

const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const encrypt = async (KeyId: string, { client } = target) =>
  (await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }))).CiphertextBlob;
const decrypt = (CiphertextBlob: Uint8Array | undefined, { client } = target) =>
  client.send(new DecryptCommand({ CiphertextBlob }));
const rotate = (KeyId: string) => target.client.send(new RotateKeyOnDemandCommand({ KeyId }));

async function importedKey() {
  const { KeyId: keyId, Arn: arn } = await target.createKey();
  const material = randomBytes(32);
  const materialId = await importMaterial(target, keyId, material);
  return { keyId, arn, material, materialId };
}

describe('when an imported key lives', () => {
  it(
    'is PendingImport, Enabled, and PendingImport again when its material is deleted',
    async () => {
      const { KeyId: keyId, Arn: arn } = await target.createKey();
      const fresh = await describeKey(target, keyId);
      expect(fresh).toMatchObject({
        Enabled: false,
        KeyState: 'PendingImport',
        Origin: 'EXTERNAL',
        MultiRegion: false,
      });
      expect(fresh).not.toHaveProperty('ExpirationModel');
      expect(fresh).not.toHaveProperty('CurrentKeyMaterialId');
      const pending = { name: 'KMSInvalidStateException', message: `${arn} is pending import.` };
      await expect(encrypt(keyId)).rejects.toMatchObject(pending);
      await expect(rotate(keyId)).rejects.toMatchObject(pending);

      const material = randomBytes(32);
      const id = await importMaterial(target, keyId, material);
      expect(await describeKey(target, keyId)).toMatchObject({
        KeyState: 'Enabled',
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        CurrentKeyMaterialId: id,
      });
      const ciphertext = await encrypt(keyId);
      await decrypt(ciphertext);

      await target.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      const deleted = await describeKey(target, keyId);
      expect(deleted).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: id });
      expect(deleted).not.toHaveProperty('ExpirationModel');
      await expect(decrypt(ciphertext)).rejects.toMatchObject(pending);
      expect(await importMaterial(target, keyId, material)).toBe(id);
      expect((await decrypt(ciphertext)).KeyMaterialId).toBe(id);
    },
    SLOW,
  );

  it(
    'refuses an import without ValidTo, and the token stays good',
    async () => {
      const { KeyId } = await target.createKey();
      const parameters = await target.client.send(
        new GetParametersForImportCommand({
          KeyId,
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        }),
      );
      const send = (extras: object) =>
        target.client.send(
          new ImportKeyMaterialCommand({
            KeyId,
            ImportToken: parameters.ImportToken,
            EncryptedKeyMaterial: wrap(parameters.PublicKey!, randomBytes(32)),
            ...extras,
          }),
        );
      await expect(send({})).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
      });
      await send({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    },
    SLOW,
  );

  it(
    'refuses other material than its own',
    async () => {
      const { keyId, material } = await importedKey();
      const wrong = { name: 'IncorrectKeyMaterialException' };
      await expect(importMaterial(target, keyId, randomBytes(32))).rejects.toMatchObject(wrong);
      await expect(importMaterial(target, keyId, randomBytes(31))).rejects.toMatchObject(wrong);
      await expect(importMaterial(target, keyId, material, NEW)).rejects.toMatchObject(wrong);
    },
    SLOW,
  );

  it(
    'changes its expiry by re-import',
    async () => {
      const { keyId, material } = await importedKey();
      const { CreationDate } = await describeKey(target, keyId);
      const validTo = new Date(CreationDate!.getTime() + 30 * 24 * 60 * 60 * 1000);
      await importMaterial(target, keyId, material, {
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        ValidTo: validTo,
      });
      expect(await describeKey(target, keyId)).toMatchObject({
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        ValidTo: validTo,
      });
      await importMaterial(target, keyId, material);
      expect(await describeKey(target, keyId)).not.toHaveProperty('ValidTo');
    },
    SLOW,
  );
});

describe('when a key is rotated on demand', () => {
  it(
    'stages one material, rotates to it, and decrypts what was encrypted before',
    async () => {
      const { keyId, arn, materialId } = await importedKey();
      await expect(rotate(keyId)).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: `No available key material pending rotation for the key: ${arn}.`,
      });
      const old = await encrypt(keyId);
      const next = await importMaterial(target, keyId, randomBytes(32), NEW);
      expect(await describeKey(target, keyId)).toMatchObject({ CurrentKeyMaterialId: materialId });
      await expect(importMaterial(target, keyId, randomBytes(32), NEW)).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: expect.stringContaining(
          `cannot be imported into KMS key ${arn}, because another key material (id: ${next}) is pending rotation.`,
        ) as string,
      });
      expect(await rotate(keyId)).toMatchObject({ KeyId: arn });
      await target.eventually(async () => {
        expect(await describeKey(target, keyId)).toMatchObject({ CurrentKeyMaterialId: next });
      });
      const listed = await materials(target, keyId);
      expect(listed).toMatchObject([
        { KeyMaterialId: materialId, KeyMaterialState: 'NON_CURRENT', ImportState: 'IMPORTED' },
        { KeyMaterialId: next, KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND' },
      ]);
      expect(listed[0]).not.toHaveProperty('RotationDate');
      expect((await decrypt(old)).KeyMaterialId).toBe(materialId);

      // Any permanent material that is missing makes the whole key unusable.
      await target.client.send(
        new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: materialId }),
      );
      expect(await describeKey(target, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    },
    SLOW,
  );

  it(
    'deletes a staged material by its id, and the key does not mind',
    async () => {
      const { keyId, materialId } = await importedKey();
      const staged = await importMaterial(target, keyId, randomBytes(32), NEW);
      await target.client.send(
        new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: staged }),
      );
      expect(await describeKey(target, keyId)).toMatchObject({
        KeyState: 'Enabled',
        CurrentKeyMaterialId: materialId,
      });
    },
    SLOW,
  );
});

describe('when a key is switched off or scheduled for deletion', () => {
  it(
    'is refused in the documented words, and Disabled after cancellation',
    async () => {
      const { keyId, arn } = await importedKey();
      const { client } = target;
      await client.send(new DisableKeyCommand({ KeyId: keyId }));
      const disabled = { name: 'DisabledException', message: `${arn} is disabled.` };
      await expect(encrypt(keyId)).rejects.toMatchObject(disabled);
      await expect(rotate(keyId)).rejects.toMatchObject(disabled);
      await client.send(new EnableKeyCommand({ KeyId: keyId }));
      expect(await client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }))).toMatchObject({
        KeyRotationEnabled: false,
      });
      const schedule = new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 });
      expect(await client.send(schedule)).toMatchObject({
        KeyId: arn,
        KeyState: 'PendingDeletion',
        PendingWindowInDays: 7,
      });
      await expect(encrypt(keyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
      await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
      expect(await describeKey(target, keyId)).toMatchObject({ KeyState: 'Disabled' });
    },
    SLOW,
  );
});

describe('when a key is asked for that is not there', () => {
  it('answers as it was recorded', async () => {
    const { Arn } = await target.createKey();
    const unknown = Arn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
    const describeUnknown = (KeyId: string) =>
      target.client.send(new DescribeKeyCommand({ KeyId }));
    await expect(describeUnknown(unknown)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Key '${unknown}' does not exist`,
    });
    await expect(describeUnknown('fake-key-id')).rejects.toMatchObject({
      name: 'NotFoundException',
      message: "Invalid keyId 'fake-key-id'",
    });
  });
});

describe('when a multi-Region key is replicated', () => {
  it(
    'needs the same material in the other Region, and rotates everywhere',
    async () => {
      const { KeyId: keyId } = await target.createKey({ Origin: 'EXTERNAL', MultiRegion: true });
      const there = { client: target.remote };
      const material = randomBytes(32);
      const replicate = () =>
        target.client.send(
          new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: target.remoteRegion }),
        );
      await expect(replicate()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
      await importMaterial(target, keyId, material);
      expect((await replicate()).ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating' });
      target.ownsRemotely(keyId);
      await target.eventually(async () => {
        expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
      });
      await expect(replicate()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
      await importMaterial(there, keyId, material);
      await decrypt(await encrypt(keyId), { ...target, ...there });

      const next = randomBytes(32);
      const nextId = await importMaterial(target, keyId, next, NEW);
      const pending = async () => (await materials(target, keyId)).at(-1)?.KeyMaterialState;
      expect(await pending()).toBe('PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
      await target.eventually(() =>
        importMaterial(there, keyId, next, { ImportType: 'EXISTING_KEY_MATERIAL' }),
      );
      await target.eventually(async () => {
        expect(await pending()).toBe('PENDING_ROTATION');
      });
      await rotate(keyId);
      for (const where of [target, there]) {
        await target.eventually(async () => {
          expect(await describeKey(where, keyId)).toMatchObject({ CurrentKeyMaterialId: nextId });
        });
      }
    },
    SLOW,
  );

  it('refuses a single-Region key in the recorded words', async () => {
    const { keyId, arn } = await importedKey();
    const replicate = new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: target.remoteRegion });
    await expect(target.client.send(replicate)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${arn} is not a multi-region primary key.`,
    });
  });
});
