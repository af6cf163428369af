import { randomBytes } from 'node:crypto';
import {
  DeleteImportedKeyMaterialCommand,
  ImportKeyMaterialCommand,
  ScheduleKeyDeletionCommand,
  type ImportKeyMaterialCommandInput,
} from '@aws-sdk/client-kms';
import {
  createKey,
  DAY,
  describeKey,
  EXISTING,
  importedKey,
  importMaterial,
  materials,
  NEW,
  parametersForImport,
  worldForAll,
  wrap,
} from '../support/world';

const world = worldForAll();

const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY);

/** Sends an import of fresh material into a fresh key, with members of one's own. */
async function importWith(members: Partial<ImportKeyMaterialCommandInput>) {
  const { KeyId } = await createKey(world);
  const parameters = await parametersForImport(world, KeyId);
  return world.client.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrap(parameters.PublicKey!, randomBytes(32)),
      ...members,
    }),
  );
}

describe('when the expiry of an import is wrong', () => {
  it.each<[string, () => Partial<ImportKeyMaterialCommandInput>]>([
    ['neither model nor ValidTo', () => ({})],
    ['EXPIRES without ValidTo', () => ({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' })],
    [
      'DOES_NOT_EXPIRE with ValidTo',
      () => ({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: inDays(1) }),
    ],
    ['ValidTo now', () => ({ ValidTo: inDays(0) })],
    ['ValidTo in the past', () => ({ ValidTo: inDays(-1) })],
    [
      'ValidTo a millisecond beyond 365 days',
      () => ({ ValidTo: new Date(inDays(365).getTime() + 1) }),
    ],
  ])('refuses %s', async (_case, members) => {
    await expect(importWith(members())).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('takes ValidTo without a model, which means EXPIRES', async () => {
    const { KeyId } = await importWith({ ValidTo: inDays(365) });
    expect(await describeKey(world, KeyId!)).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: inDays(365),
    });
  });
});

describe('when the wrapped bytes are wrong', () => {
  const forever = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const;

  it('refuses a ciphertext of another length than the wrapping key', async () => {
    for (const length of [1, 255, 257, 512]) {
      const members = { ...forever, EncryptedKeyMaterial: randomBytes(length) };
      await expect(importWith(members)).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });

  it('refuses a ciphertext that does not unwrap, without a reason', async () => {
    const members = { ...forever, EncryptedKeyMaterial: Buffer.alloc(256, 1) };
    await expect(importWith(members)).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
      message: 'UnknownError', // what the SDK says when AWS sends no message
    });
  });

  it('refuses the hash of the other algorithm', async () => {
    const { KeyId } = await createKey(world);
    const parameters = await parametersForImport(world, KeyId, 'RSAES_OAEP_SHA_1');
    const command = new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrap(parameters.PublicKey!, randomBytes(32), 'sha256'),
      ...forever,
    });
    await expect(world.client.send(command)).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });

  it('refuses a token with what was wrapped for another token of the same key', async () => {
    const { KeyId } = await createKey(world);
    const one = await parametersForImport(world, KeyId);
    const two = await parametersForImport(world, KeyId);
    const send = (token: typeof one, wrappedFor: typeof one) =>
      world.client.send(
        new ImportKeyMaterialCommand({
          KeyId,
          ImportToken: token.ImportToken,
          EncryptedKeyMaterial: wrap(wrappedFor.PublicKey!, randomBytes(32)),
          ...forever,
        }),
      );
    const refusal = { name: 'InvalidCiphertextException' };
    await expect(send(one, two)).rejects.toMatchObject(refusal);
    await expect(send(two, one)).rejects.toMatchObject(refusal);
    await send(two, two);
  });

  it.each([0, 16, 31, 33, 64])('refuses material of %i bytes', async (length) => {
    const { KeyId } = await createKey(world);
    await expect(importMaterial(world, KeyId, randomBytes(length))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'PendingImport' });
  });
});

describe('when ImportType says what the material is', () => {
  const incorrect = { name: 'IncorrectKeyMaterialException' };

  it('stages NEW material on a key that has some, and the key looks as before', async () => {
    const { keyId, materialId } = await importedKey(world);
    const before = await describeKey(world, keyId);
    const staged = await importMaterial(world, keyId, randomBytes(32), {
      ...NEW,
      ValidTo: inDays(3),
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      KeyMaterialDescription: 'next',
    });
    expect(await describeKey(world, keyId)).toEqual(before);
    expect(await materials(world, keyId)).toEqual([
      expect.objectContaining({ KeyMaterialId: materialId, KeyMaterialState: 'CURRENT' }),
      expect.objectContaining({
        KeyMaterialId: staged,
        KeyMaterialState: 'PENDING_ROTATION',
        ImportState: 'IMPORTED',
        KeyMaterialDescription: 'next',
      }),
    ]);
  });

  it('takes one staged material only', async () => {
    const { keyId, material } = await importedKey(world);
    const staged = randomBytes(32);
    await importMaterial(world, keyId, staged, NEW);
    await expect(importMaterial(world, keyId, randomBytes(32), NEW)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    await expect(importMaterial(world, keyId, staged, NEW)).rejects.toMatchObject(incorrect);
    await expect(importMaterial(world, keyId, material, NEW)).rejects.toMatchObject(incorrect);
    // Re-import of both by EXISTING is fine.
    await importMaterial(world, keyId, staged, EXISTING);
    await importMaterial(world, keyId, material, EXISTING);
  });

  it('refuses EXISTING on a key that never had material', async () => {
    const { KeyId } = await createKey(world);
    await expect(importMaterial(world, KeyId, randomBytes(32), EXISTING)).rejects.toMatchObject(
      incorrect,
    );
  });

  it('means EXISTING by default once there was material, also after it was deleted', async () => {
    const { keyId, material } = await importedKey(world);
    await expect(importMaterial(world, keyId, randomBytes(32))).rejects.toMatchObject(incorrect);
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await expect(importMaterial(world, keyId, randomBytes(32))).rejects.toMatchObject(incorrect);
    await importMaterial(world, keyId, material);
  });

  it('guards a re-import by KeyMaterialId', async () => {
    const { keyId, material, materialId } = await importedKey(world);
    await importMaterial(world, keyId, material, { ...EXISTING, KeyMaterialId: materialId });
    const wrong = { ...EXISTING, KeyMaterialId: 'a'.repeat(64) };
    await expect(importMaterial(world, keyId, material, wrong)).rejects.toMatchObject(incorrect);
    const withNew = { ...NEW, KeyMaterialId: materialId };
    await expect(importMaterial(world, keyId, material, withNew)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('when the key cannot take material', () => {
  it('refuses a key of origin AWS_KMS and a key pending deletion', async () => {
    const own = await createKey(world, {});
    const token = { ImportToken: Buffer.from('x'), EncryptedKeyMaterial: Buffer.from('x') };
    await expect(
      world.client.send(new ImportKeyMaterialCommand({ KeyId: own.KeyId, ...token })),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });

    const { keyId } = await importedKey(world);
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
    await expect(
      world.client.send(new ImportKeyMaterialCommand({ KeyId: keyId, ...token })),
    ).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });
});
