import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetKeyRotationStatusCommand,
  GetPublicKeyCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
  VerifyMacCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import {
  clientFor,
  createKey,
  DAY,
  describeKey,
  HOUR,
  importMaterial,
  materials,
  REGION,
  startWorld,
  type World,
} from './world';

const OTHER = 'us-west-2';
const THIRD = 'ap-southeast-1';
const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const EXISTING = { ImportType: 'EXISTING_KEY_MATERIAL' } as const;
const SECOND = 1000;

let world: World;
let there: World;
let elsewhere: World;
beforeAll(async () => {
  world = await startWorld();
  there = { ...world, client: clientFor(world.kms, { region: OTHER }) };
  elsewhere = { ...world, client: clientFor(world.kms, { region: THIRD }) };
});
afterAll(async () => {
  there.client.destroy();
  elsewhere.client.destroy();
  await world.close();
});

const replicate = async (keyId: string, ReplicaRegion = OTHER) => {
  const answer = await world.client.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion }));
  return answer.ReplicaKeyMetadata!;
};
const rotate = (keyId: string, { client } = world) =>
  client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
const schedule = (keyId: string, { client } = world) =>
  client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
const moveTo = (keyId: string, PrimaryRegion: string, { client } = world) =>
  client.send(new UpdatePrimaryRegionCommand({ KeyId: keyId, PrimaryRegion }));
const states = async (keyId: string, where = world) =>
  (await materials(where, keyId)).map(({ KeyMaterialState, ImportState }) => [
    KeyMaterialState,
    ImportState,
  ]);

/** A multi-Region primary key with material. */
async function primaryKey() {
  const { KeyId: keyId, Arn: arn } = await createKey(world, {
    Origin: 'EXTERNAL',
    MultiRegion: true,
  });
  const material = randomBytes(32);
  const materialId = await importMaterial(world, keyId, material);
  return { keyId, arn, material, materialId };
}

/** With a replica that has the material too: both Enabled. */
async function replicatedKey() {
  const primary = await primaryKey();
  const { Arn: replicaArn } = await replicate(primary.keyId);
  world.clock.advance(5 * SECOND);
  await importMaterial(there, primary.keyId, primary.material);
  return { ...primary, replicaArn: replicaArn! };
}

describe('when a multi-Region key is created', () => {
  it('has an mrk- id and is a primary key without replicas', async () => {
    const metadata = await createKey(world, { Origin: 'EXTERNAL', MultiRegion: true });
    expect(metadata.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(metadata).toMatchObject({
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: metadata.Arn, Region: REGION },
        ReplicaKeys: [],
      },
    });
    expect(await createKey(world)).not.toHaveProperty('MultiRegionConfiguration');
  });
});

describe('when a key is replicated', () => {
  it('makes a replica that is Creating, then PendingImport, with defaults of its own', async () => {
    const { KeyId: keyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      MultiRegion: true,
      Description: 'primary',
      Tags: [{ TagKey: 'a', TagValue: 'b' }],
    });
    await importMaterial(world, keyId, randomBytes(32));
    const answer = await world.client.send(
      new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: OTHER }),
    );
    expect(answer.ReplicaTags).toEqual([]);
    expect(answer.ReplicaPolicy).toContain(':root');
    expect(answer.ReplicaKeyMetadata).toMatchObject({
      KeyId: keyId,
      KeyState: 'Creating',
      Description: '',
      Enabled: false,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Region: REGION },
        ReplicaKeys: [{ Region: OTHER }],
      },
    });
    await expect(importMaterial(there, keyId, randomBytes(32))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('is creating.') as string,
    });
    world.clock.advance(5 * SECOND);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'Enabled',
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        ReplicaKeys: [{ Region: OTHER }],
      },
    });
  });

  it('takes the same material only, and decrypts what the other Region encrypted', async () => {
    const { keyId, material, materialId, replicaArn } = await (async () => {
      const primary = await primaryKey();
      const { Arn } = await replicate(primary.keyId);
      world.clock.advance(5 * SECOND);
      return { ...primary, replicaArn: Arn };
    })();
    expect(await states(keyId, there)).toEqual([['CURRENT', 'PENDING_IMPORT']]);
    await expect(importMaterial(there, keyId, randomBytes(32))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    expect(await importMaterial(there, keyId, material)).toBe(materialId);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'Enabled' });
    const { CiphertextBlob } = await world.client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }),
    );
    expect(await there.client.send(new DecryptCommand({ CiphertextBlob }))).toMatchObject({
      KeyId: replicaArn,
      KeyMaterialId: materialId,
    });
  });

  it('copies the material of a key that AWS made, and the replica is Enabled', async () => {
    const { KeyId: keyId, CurrentKeyMaterialId: id } = await createKey(world, {
      MultiRegion: true,
    });
    await replicate(keyId);
    world.clock.advance(5 * SECOND);
    expect(await describeKey(there, keyId)).toMatchObject({
      KeyState: 'Enabled',
      CurrentKeyMaterialId: id,
    });
  });

  it('refuses a primary without its material, disabled, or pending deletion', async () => {
    const { keyId } = await primaryKey();
    await world.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await expect(replicate(keyId)).rejects.toMatchObject({ name: 'DisabledException' });
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await expect(replicate(keyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await schedule(keyId);
    await expect(replicate(keyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it('refuses a single-Region key, and a replica, in the recorded words', async () => {
    const single = await createKey(world, {});
    const { keyId, replicaArn } = await replicatedKey();
    await expect(replicate(single.KeyId)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${single.Arn} is not a multi-region primary key.`,
    });
    const onReplica = there.client.send(
      new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: THIRD }),
    );
    await expect(onReplica).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${replicaArn} is not a multi-region primary key.`,
    });
  });

  it('refuses a Region that has the key, even pending deletion, and another partition', async () => {
    const { keyId } = await replicatedKey();
    const exists = { name: 'AlreadyExistsException' };
    await expect(replicate(keyId)).rejects.toMatchObject(exists);
    await expect(replicate(keyId, REGION)).rejects.toMatchObject(exists);
    await schedule(keyId, there);
    await expect(replicate(keyId)).rejects.toMatchObject(exists);
    await expect(replicate(keyId, 'cn-north-1')).rejects.toMatchObject({
      name: 'ValidationException',
    });
    world.clock.advance(7 * DAY);
    expect(await replicate(keyId)).toMatchObject({ KeyState: 'Creating' });
  });
});

describe('when a key that is not symmetric is replicated', () => {
  it('verifies a MAC where it was not made', async () => {
    const { KeyId: keyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      MultiRegion: true,
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    });
    const secret = randomBytes(32);
    await importMaterial(world, keyId, secret);
    await replicate(keyId);
    world.clock.advance(5 * SECOND);
    await expect(importMaterial(there, keyId, randomBytes(32))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await importMaterial(there, keyId, secret);
    const request = {
      KeyId: keyId,
      Message: Buffer.from('m'),
      MacAlgorithm: 'HMAC_SHA_256',
    } as const;
    const { Mac } = await world.client.send(new GenerateMacCommand(request));
    const answer = await there.client.send(new VerifyMacCommand({ ...request, Mac }));
    expect(answer.MacValid).toBe(true);
    expect(await describeKey(there, keyId)).not.toHaveProperty('CurrentKeyMaterialId');
  });

  it('verifies a signature where it was not made, and has the same public key', async () => {
    const { KeyId: keyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      MultiRegion: true,
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    await importMaterial(world, keyId, pkcs8);
    await replicate(keyId);
    world.clock.advance(5 * SECOND);
    await importMaterial(there, keyId, pkcs8);
    const request = {
      KeyId: keyId,
      Message: Buffer.from('m'),
      SigningAlgorithm: 'ECDSA_SHA_256',
    } as const;
    const { Signature } = await world.client.send(new SignCommand(request));
    const answer = await there.client.send(new VerifyCommand({ ...request, Signature }));
    expect(answer.SignatureValid).toBe(true);
    const { PublicKey } = await there.client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    expect(Buffer.from(PublicKey!)).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
  });
});

describe('when related keys live their own lives', () => {
  it('keeps key states and expiry apart', async () => {
    const { keyId, material } = await replicatedKey();
    const validTo = new Date(world.clock.now().getTime() + HOUR);
    await importMaterial(there, keyId, material, {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: validTo,
    });
    expect(await describeKey(there, keyId)).toMatchObject({ ValidTo: validTo });
    expect(await describeKey(world, keyId)).not.toHaveProperty('ValidTo');
    await there.client.send(new DisableKeyCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
    await there.client.send(new EnableKeyCommand({ KeyId: keyId }));
    world.clock.advance(HOUR);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });

  it('synchronises descriptions from the primary, and refuses them on a replica', async () => {
    const { keyId, material } = await replicatedKey();
    await importMaterial(world, keyId, material, { KeyMaterialDescription: 'vault: k1' });
    expect(await materials(there, keyId)).toMatchObject([{ KeyMaterialDescription: 'vault: k1' }]);
    await expect(
      importMaterial(there, keyId, material, { KeyMaterialDescription: 'other' }),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('when a multi-Region key is rotated', () => {
  it('waits until every replica has the material, and then rotates everywhere', async () => {
    const { keyId, materialId } = await replicatedKey();
    const next = randomBytes(32);
    await expect(importMaterial(there, keyId, next, NEW)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    const nextId = await importMaterial(world, keyId, next, NEW);
    const waiting = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect((await states(keyId))[1]).toEqual([waiting, 'IMPORTED']);
    expect((await states(keyId, there))[1]).toEqual([waiting, 'PENDING_IMPORT']);
    await expect(rotate(keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('No available key material pending rotation') as string,
    });
    await expect(importMaterial(world, keyId, randomBytes(32), NEW)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });

    expect(await importMaterial(there, keyId, next, EXISTING)).toBe(nextId);
    for (const where of [world, there]) {
      expect((await states(keyId, where))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
      expect(await describeKey(where, keyId)).toMatchObject({
        KeyState: 'Enabled',
        CurrentKeyMaterialId: materialId,
      });
    }
    await expect(rotate(keyId, there)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await rotate(keyId);
    world.clock.advance(60 * SECOND);
    for (const where of [world, there]) {
      expect(await states(keyId, where)).toEqual([
        ['NON_CURRENT', 'IMPORTED'],
        ['CURRENT', 'IMPORTED'],
      ]);
      expect(await describeKey(where, keyId)).toMatchObject({ CurrentKeyMaterialId: nextId });
    }
  });

  it('goes back to waiting when a replica loses the staged material, or a new one comes', async () => {
    const { keyId } = await replicatedKey();
    const next = randomBytes(32);
    const nextId = await importMaterial(world, keyId, next, NEW);
    await importMaterial(there, keyId, next);
    await there.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: nextId }),
    );
    const waiting = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect((await states(keyId))[1]).toEqual([waiting, 'IMPORTED']);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'Enabled' });
    await importMaterial(there, keyId, next);
    expect((await states(keyId))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
    await replicate(keyId, THIRD);
    expect((await states(keyId))[1]).toEqual([waiting, 'IMPORTED']);
  });

  it('is ready as soon as the only replica without the material is gone', async () => {
    const { keyId } = await replicatedKey();
    await importMaterial(world, keyId, randomBytes(32), NEW);
    await schedule(keyId, there);
    world.clock.advance(7 * DAY);
    expect((await states(keyId))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
  });

  it('deletes the staged material of the replicas with that of the primary', async () => {
    const { keyId } = await replicatedKey();
    const next = randomBytes(32);
    const nextId = await importMaterial(world, keyId, next, NEW);
    await importMaterial(there, keyId, next);
    await world.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: nextId }),
    );
    for (const where of [world, there]) expect(await states(keyId, where)).toHaveLength(1);
  });

  it('asks a new replica for every historic material', async () => {
    const { keyId, material } = await primaryKey();
    const next = randomBytes(32);
    await importMaterial(world, keyId, next, NEW);
    await rotate(keyId);
    world.clock.advance(60 * SECOND);
    await replicate(keyId);
    world.clock.advance(5 * SECOND);
    await importMaterial(there, keyId, next);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    await importMaterial(there, keyId, material);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });
});

describe('when a primary key is to be deleted', () => {
  it('waits for its replicas, and its window begins when the last is gone', async () => {
    const { keyId, arn } = await replicatedKey();
    const answer = await schedule(keyId);
    expect(answer).toMatchObject({
      KeyId: arn,
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 7,
    });
    expect(answer).not.toHaveProperty('DeletionDate');
    world.clock.advance(30 * DAY);
    expect(await describeKey(world, keyId)).toMatchObject({
      KeyState: 'PendingReplicaDeletion',
      PendingDeletionWindowInDays: 7,
    });
    await expect(schedule(keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn} is pending replica deletion.`,
    });

    const { DeletionDate: replicaGone } = await schedule(keyId, there);
    world.clock.advance(8 * DAY);
    const metadata = await describeKey(world, keyId);
    expect(metadata).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: new Date(replicaGone!.getTime() + 7 * DAY),
      MultiRegionConfiguration: { ReplicaKeys: [] },
    });
    world.clock.advance(6 * DAY);
    await expect(describeKey(world, keyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('is Disabled after cancellation', async () => {
    const { keyId } = await replicatedKey();
    await schedule(keyId);
    await world.client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Disabled' });
  });
});

describe('when the primary Region is changed', () => {
  const typeOf = ({ MultiRegionConfiguration: configuration }: KeyMetadata) =>
    configuration?.MultiRegionKeyType;

  it('swaps the roles, and both keys are Updating and of use meanwhile', async () => {
    const { keyId } = await replicatedKey();
    await moveTo(keyId, OTHER);
    expect(typeOf(await describeKey(world, keyId))).toBe('REPLICA');
    expect(typeOf(await describeKey(there, keyId))).toBe('PRIMARY');
    for (const where of [world, there]) {
      expect(await describeKey(where, keyId)).toMatchObject({ KeyState: 'Updating' });
      await where.client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }));
      const disable = where.client.send(new DisableKeyCommand({ KeyId: keyId }));
      await expect(disable).rejects.toMatchObject({
        name: 'KMSInvalidStateException',
        message: expect.stringContaining('is updating.') as string,
      });
    }
    world.clock.advance(5 * SECOND);
    for (const where of [world, there]) {
      expect(await describeKey(where, keyId)).toMatchObject({ KeyState: 'Enabled' });
    }
    await there.client.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: THIRD }));
    expect(await describeKey(elsewhere, keyId)).toMatchObject({
      MultiRegionConfiguration: {
        PrimaryKey: { Region: OTHER },
        ReplicaKeys: [{ Region: REGION }, { Region: THIRD }],
      },
    });
    await importMaterial(there, keyId, randomBytes(32), NEW);
    await expect(importMaterial(world, keyId, randomBytes(32), NEW)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  it('takes automatic rotation along when the primary Region changes', async () => {
    const { KeyId: keyId } = await createKey(world, { MultiRegion: true });
    const first = await describeKey(world, keyId);
    await world.client.send(
      new EnableKeyRotationCommand({ KeyId: keyId, RotationPeriodInDays: 90 }),
    );
    await replicate(keyId);
    world.clock.advance(5 * SECOND);
    await moveTo(keyId, OTHER);
    for (const { client } of [world, there]) {
      const status = await client.send(new GetKeyRotationStatusCommand({ KeyId: keyId }));
      expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    }
    world.clock.advance(90 * DAY);
    const [here, remote] = [await describeKey(world, keyId), await describeKey(there, keyId)];
    expect(here.CurrentKeyMaterialId).toBe(remote.CurrentKeyMaterialId);
    expect(here.CurrentKeyMaterialId).not.toBe(first.CurrentKeyMaterialId);
  });

  it('refuses a key that is no primary, a Region without a replica, and keys not Enabled', async () => {
    const { keyId } = await replicatedKey();
    await expect(moveTo(keyId, THIRD)).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(moveTo(keyId, REGION, there)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await there.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await expect(moveTo(keyId, OTHER)).rejects.toMatchObject({ name: 'DisabledException' });
    await there.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await expect(moveTo(keyId, OTHER)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    const single = await createKey(world, {});
    await expect(moveTo(single.KeyId, OTHER)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    const { KeyMetadata: gone } = await there.client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(gone).toMatchObject({ KeyState: 'PendingImport' });
  });
});
