import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import {
  createKey,
  DAY,
  describeKey,
  HOUR,
  importedKey,
  importMaterial,
  materials,
  NEW,
  rotate,
  worldForAll,
} from '../support/world';

const world = worldForAll();

const status = (keyId: string) =>
  world.client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }));
const encrypt = async (keyId: string, text: string) =>
  (await world.client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from(text) })))
    .CiphertextBlob;
const decrypt = (blob: Uint8Array | undefined) =>
  world.client.send(new DecryptCommand({ CiphertextBlob: blob }));

/** A key that was rotated once: the first material is NON_CURRENT. */
async function rotatedKey() {
  const first = await importedKey(world);
  const second = randomBytes(32);
  const old = await encrypt(first.keyId, 'old');
  const secondId = await importMaterial(world, first.keyId, second, NEW);
  await rotate(world, first.keyId);
  world.clock.advance(60_000);
  return { ...first, second, secondId, old };
}

describe('when staged material is rotated in', () => {
  it('becomes current after the rotation time, and both materials decrypt', async () => {
    const { keyId, arn, materialId } = await importedKey(world);
    const old = await encrypt(keyId, 'old');
    const staged = await importMaterial(world, keyId, randomBytes(32), NEW);
    const startedAt = world.clock.now();
    expect(await rotate(world, keyId)).toMatchObject({ KeyId: arn });

    world.clock.advance(59_999);
    expect(await describeKey(world, keyId)).toMatchObject({ CurrentKeyMaterialId: materialId });
    expect(await status(keyId)).toMatchObject({ OnDemandRotationStartDate: startedAt });
    await expect(rotate(world, keyId)).rejects.toMatchObject({ name: 'ConflictException' });

    world.clock.advance(1);
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'Enabled',
      CurrentKeyMaterialId: staged,
    });
    expect(await status(keyId)).not.toHaveProperty('OnDemandRotationStartDate');
    const entries = await materials(world, keyId);
    expect(entries.map((entry) => entry.KeyMaterialState)).toEqual(['NON_CURRENT', 'CURRENT']);
    expect(entries[0]).not.toHaveProperty('RotationDate');
    expect(entries[1]).toMatchObject({
      RotationType: 'ON_DEMAND',
      RotationDate: new Date(startedAt.getTime() + 60_000),
    });
    const rotationsOnly = await world.client.send(new ListKeyRotationsCommand({ KeyId: keyId }));
    expect(rotationsOnly.Rotations).toEqual([entries[1]]);

    expect(await decrypt(old)).toMatchObject({ KeyMaterialId: materialId });
    expect(await decrypt(await encrypt(keyId, 'new'))).toMatchObject({ KeyMaterialId: staged });
  });

  it('refuses when nothing is staged', async () => {
    const { keyId } = await importedKey(world);
    await expect(rotate(world, keyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it('has no effect when the staged material goes before the rotation is done', async () => {
    const { keyId, materialId } = await importedKey(world);
    await importMaterial(world, keyId, randomBytes(32), {
      ...NEW,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date(world.clock.now().getTime() + 30_000),
    });
    await rotate(world, keyId);
    world.clock.advance(HOUR);
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'Enabled',
      CurrentKeyMaterialId: materialId,
    });
    expect(await materials(world, keyId)).toHaveLength(1);
  });

  it('rotates first and expires afterwards, however late it is looked at', async () => {
    const { keyId } = await importedKey(world);
    const staged = await importMaterial(world, keyId, randomBytes(32), {
      ...NEW,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date(world.clock.now().getTime() + HOUR),
    });
    await rotate(world, keyId);
    world.clock.advance(DAY);
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'PendingImport',
      CurrentKeyMaterialId: staged,
    });
  });
});

describe('when an imported key was rotated 25 times', () => {
  it('refuses the next in the recorded words, and every old ciphertext decrypts', async () => {
    const { keyId, arn } = await importedKey(world);
    const ciphertexts = [await encrypt(keyId, '0')];
    for (let rotation = 1; rotation <= 25; rotation++) {
      await importMaterial(world, keyId, randomBytes(32), NEW);
      await rotate(world, keyId);
      world.clock.advance(60_000);
      ciphertexts.push(await encrypt(keyId, String(rotation)));
    }
    await importMaterial(world, keyId, randomBytes(32), NEW);
    await expect(rotate(world, keyId)).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
    });
    const ids = (await materials(world, keyId)).map((entry) => entry.KeyMaterialId);
    expect(ids).toHaveLength(27);
    for (const [index, ciphertext] of ciphertexts.entries()) {
      const { Plaintext, KeyMaterialId } = await decrypt(ciphertext);
      expect(Buffer.from(Plaintext!).toString()).toBe(String(index));
      expect(KeyMaterialId).toBe(ids[index]);
    }
  });
});

describe('when a key has several materials', () => {
  it('is PendingImport as soon as one permanent material is missing, until all are back', async () => {
    const { keyId, material, materialId, second, secondId, old } = await rotatedKey();
    for (const id of [materialId, secondId]) {
      await world.client.send(
        new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: id }),
      );
    }
    await expect(decrypt(old)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await importMaterial(world, keyId, second);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    expect((await materials(world, keyId)).map((entry) => entry.ImportState)).toEqual([
      'PENDING_IMPORT',
      'IMPORTED',
    ]);
    await importMaterial(world, keyId, material);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
    expect(await decrypt(old)).toMatchObject({ KeyMaterialId: materialId });
  });

  it('shows the earliest expiry of the permanent ones, and expires each at its own time', async () => {
    const { keyId, material, second } = await rotatedKey();
    const at = (days: number) => new Date(world.clock.now().getTime() + days * DAY);
    const expires = { ExpirationModel: 'KEY_MATERIAL_EXPIRES' } as const;
    const [soon, later, soonest] = [at(5), at(9), at(1)];
    await importMaterial(world, keyId, second, { ...expires, ValidTo: later });
    await importMaterial(world, keyId, material, { ...expires, ValidTo: soon });
    await importMaterial(world, keyId, randomBytes(32), { ...expires, ...NEW, ValidTo: soonest });
    expect(await describeKey(world, keyId)).toMatchObject({ ValidTo: soon });

    world.clock.advance(2 * DAY); // the staged one is gone, the key does not mind
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
    expect(await materials(world, keyId)).toHaveLength(2);
    world.clock.advance(4 * DAY);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    expect((await materials(world, keyId)).map((entry) => entry.ImportState)).toEqual([
      'PENDING_IMPORT',
      'IMPORTED',
    ]);
  });

  it('deletes the current one by default, and a staged one only by its id', async () => {
    const { keyId, secondId } = await rotatedKey();
    const staged = await importMaterial(world, keyId, randomBytes(32), NEW);
    const remove = (id?: string) =>
      world.client.send(
        new DeleteImportedKeyMaterialCommand({
          KeyId: keyId,
          ...(id === undefined ? {} : { KeyMaterialId: id }),
        }),
      );
    expect(await remove(staged)).toMatchObject({ KeyMaterialId: staged });
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
    expect(await materials(world, keyId)).toHaveLength(2);
    await expect(remove(staged)).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await remove()).toMatchObject({ KeyMaterialId: secondId });
    expect(await remove()).toMatchObject({ KeyMaterialId: secondId });
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'PendingImport',
      CurrentKeyMaterialId: secondId,
    });
  });

  it('takes NEW material while an old one is missing', async () => {
    const { keyId, materialId } = await rotatedKey();
    await world.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: materialId }),
    );
    await importMaterial(world, keyId, randomBytes(32), NEW);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingImport' });
  });
});

describe('when a key of origin AWS_KMS is rotated', () => {
  it('gets new material, lists it, and stops at 25 rotations', async () => {
    const { KeyId, CurrentKeyMaterialId: first } = await createKey(world, {});
    const old = await encrypt(KeyId, 'old');
    for (let rotation = 1; rotation <= 25; rotation++) {
      await rotate(world, KeyId);
      world.clock.advance(60_000);
    }
    await expect(rotate(world, KeyId)).rejects.toMatchObject({ name: 'LimitExceededException' });
    const entries = await materials(world, KeyId);
    expect(entries).toHaveLength(26);
    expect(entries[0]).not.toHaveProperty('ImportState');
    expect((await decrypt(old)).KeyMaterialId).toBe(first);

    const page = await world.client.send(
      new ListKeyRotationsCommand({ KeyId, Limit: 20, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    expect(page).toMatchObject({ Truncated: true });
    const rest = await world.client.send(
      new ListKeyRotationsCommand({
        KeyId,
        Marker: page.NextMarker,
        IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
      }),
    );
    expect(rest.Truncated).toBe(false);
    expect([...page.Rotations!, ...rest.Rotations!]).toEqual(entries);
  });
});
