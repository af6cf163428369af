import { createDecipheriv, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type GetParametersForImportCommandOutput,
} from '@aws-sdk/client-kms';
import {
  createKey,
  DAY,
  describeKey,
  HOUR,
  importedKey,
  importMaterial,
  materials,
  parametersForImport,
  startWorld,
  worldForAll,
  wrap,
} from './support/world';

const world = worldForAll();

const encrypt = (keyId: string, text = 'hello') =>
  world.client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from(text) }));
const decrypt = async (blob: Uint8Array | undefined) => {
  const answer = await world.client.send(new DecryptCommand({ CiphertextBlob: blob }));
  return Buffer.from(answer.Plaintext!).toString();
};

describe('when a key lives from creation to the loss and return of its material', () => {
  it('is PendingImport, Enabled, PendingImport and Enabled again, and old ciphertext comes back', async () => {
    const fresh = await createKey(world);
    expect(fresh).toMatchObject({ Enabled: false, KeyState: 'PendingImport', Origin: 'EXTERNAL' });
    expect(fresh).not.toHaveProperty('ExpirationModel');
    expect(fresh).not.toHaveProperty('CurrentKeyMaterialId');
    const keyId = fresh.KeyId;
    await expect(encrypt(keyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });

    const material = randomBytes(32);
    const id = await importMaterial(world, keyId, material);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await describeKey(world, keyId)).toMatchObject({
      Enabled: true,
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      CurrentKeyMaterialId: id,
    });
    const { CiphertextBlob: ciphertext } = await encrypt(keyId);
    expect(await decrypt(ciphertext)).toBe('hello');

    const deleted = await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    expect(deleted).toMatchObject({ KeyId: fresh.Arn, KeyMaterialId: id });
    const gone = await describeKey(world, keyId);
    expect(gone).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: id });
    expect(gone).not.toHaveProperty('ExpirationModel');
    await expect(decrypt(ciphertext)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });

    expect(await importMaterial(world, keyId, material)).toBe(id);
    expect(await decrypt(ciphertext)).toBe('hello');
  });

  it('encrypts with the very bytes that were imported', async () => {
    const { keyId, material } = await importedKey(world);
    const blob = Buffer.from((await encrypt(keyId, 'proof')).CiphertextBlob!);
    // check, key id, material id; then IV, tag, ciphertext: opened by hand.
    const header = blob.subarray(0, 16 + 36 + 32);
    const rest = blob.subarray(header.length);
    const decipher = createDecipheriv('aes-256-gcm', material, rest.subarray(0, 12));
    decipher.setAuthTag(rest.subarray(12, 28));
    decipher.setAAD(Buffer.concat([header, Buffer.from('[]')]));
    const opened = Buffer.concat([decipher.update(rest.subarray(28)), decipher.final()]);
    expect(opened.toString()).toBe('proof');
  });

  it('gives the same bytes another material id in another key', async () => {
    const { keyId, material, materialId } = await importedKey(world);
    const other = await createKey(world);
    expect(await importMaterial(world, other.KeyId, material)).not.toBe(materialId);
    expect(await importMaterial(world, keyId, material)).toBe(materialId);
  });

  it.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 'sha1'],
    ['RSA_3072', 'RSAES_OAEP_SHA_256', 'sha256'],
    ['RSA_4096', 'RSAES_OAEP_SHA_256', 'sha256'],
  ] as const)('takes material wrapped with %s and %s', async (spec, algorithm, hash) => {
    const { KeyId, Arn } = await createKey(world);
    const parameters = await world.client.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: algorithm,
        WrappingKeySpec: spec,
      }),
    );
    expect(parameters.KeyId).toBe(Arn);
    expect(parameters.PublicKey).toHaveLength(
      { RSA_2048: 294, RSA_3072: 422, RSA_4096: 550 }[spec],
    );
    await world.client.send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: wrap(parameters.PublicKey!, randomBytes(32), hash),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    );
    expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'Enabled' });
  });
});

describe('when a key is disabled around an import', () => {
  it('stays Disabled when its material is imported again', async () => {
    const { keyId, material } = await importedKey(world);
    await world.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await importMaterial(world, keyId, material);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Disabled' });
    await world.client.send(new EnableKeyCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });

  it('is Enabled after deletion and re-import of its material', async () => {
    const { keyId, material } = await importedKey(world);
    await world.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    await importMaterial(world, keyId, material);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });
});

describe('when material expires', () => {
  it('loses it at its own time, shows it as PENDING_IMPORT, and takes it back', async () => {
    const validTo = new Date(world.clock.now().getTime() + HOUR + 250);
    const { keyId, material, materialId } = await importedKey(world, {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: validTo,
      KeyMaterialDescription: 'vault: k1',
    });
    expect(await describeKey(world, keyId)).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: validTo,
    });
    expect(await materials(world, keyId)).toEqual([
      expect.objectContaining({
        KeyMaterialId: materialId,
        KeyMaterialState: 'CURRENT',
        ImportState: 'IMPORTED',
        KeyMaterialDescription: 'vault: k1',
        ValidTo: validTo,
      }),
    ]);

    world.clock.advance(HOUR + 249);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
    world.clock.advance(1);
    const expired = await describeKey(world, keyId);
    expect(expired).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: materialId });
    expect(expired).not.toHaveProperty('ValidTo');
    const [entry] = await materials(world, keyId);
    expect(entry).toMatchObject({ ImportState: 'PENDING_IMPORT', KeyMaterialState: 'CURRENT' });
    expect(entry).not.toHaveProperty('ExpirationModel');

    await importMaterial(world, keyId, material);
    const [back] = await materials(world, keyId);
    // The description was left out of the re-import, so the previous one is kept.
    expect(back).toMatchObject({ ImportState: 'IMPORTED', KeyMaterialDescription: 'vault: k1' });
  });

  it('changes its expiry by re-import, without an outage', async () => {
    const { keyId, material } = await importedKey(world);
    for (const days of [30, 10, 365]) {
      const validTo = new Date(world.clock.now().getTime() + days * DAY);
      const extras = { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo } as const;
      await importMaterial(world, keyId, material, extras);
      expect(await describeKey(world, keyId)).toMatchObject({
        KeyState: 'Enabled',
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        ValidTo: validTo,
      });
    }
    await importMaterial(world, keyId, material);
    const metadata = await describeKey(world, keyId);
    expect(metadata).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    expect(metadata).not.toHaveProperty('ValidTo');
  });
});

describe('when an import token is used', () => {
  const send = async (
    keyId: string,
    parameters: Pick<GetParametersForImportCommandOutput, 'ImportToken' | 'PublicKey'>,
    material = randomBytes(32),
  ) =>
    world.client.send(
      new ImportKeyMaterialCommand({
        KeyId: keyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: wrap(parameters.PublicKey!, material),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    );

  it('is valid for 24 hours and no longer', async () => {
    const { KeyId } = await createKey(world);
    const parameters = await parametersForImport(world, KeyId);
    const end = world.clock.now().getTime() + DAY;
    expect(parameters.ParametersValidTo).toEqual(new Date(end));
    const material = randomBytes(32);
    world.clock.advance(DAY - 1);
    await send(KeyId, parameters, material);
    await send(KeyId, parameters, material); // within its time it can be used again
    world.clock.advance(1);
    await expect(send(KeyId, parameters, material)).rejects.toMatchObject({
      name: 'ExpiredImportTokenException',
    });
  });

  it('is refused for another key, damaged, cut short, or from another server', async () => {
    const { KeyId } = await createKey(world);
    const parameters = await parametersForImport(world, KeyId);
    const other = await createKey(world);
    const refused = { name: 'InvalidImportTokenException' };
    await expect(send(other.KeyId, parameters)).rejects.toMatchObject(refused);

    const damaged = Buffer.from(parameters.ImportToken!);
    damaged.writeUInt8(damaged.readUInt8(40) ^ 1, 40);
    for (const token of [damaged, damaged.subarray(0, 28), Buffer.from('x')]) {
      const bad = { ...parameters, ImportToken: token };
      await expect(send(KeyId, bad)).rejects.toMatchObject(refused);
    }
    const stranger = await startWorld();
    try {
      const foreign = await createKey(stranger);
      const theirs = await parametersForImport(stranger, foreign.KeyId);
      await expect(send(KeyId, theirs)).rejects.toMatchObject(refused);
    } finally {
      await stranger.close();
    }
  });
});
