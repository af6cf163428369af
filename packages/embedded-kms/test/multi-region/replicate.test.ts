import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EncryptCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { createKey, DAY, describeKey, importMaterial, REGION } from '../support/world';
import {
  barelyReplicatedKey,
  OTHER,
  primaryKey,
  regionsForAll,
  replicate,
  replicatedKey,
  REPLICATION,
  schedule,
  states,
  THIRD,
} from './regions';

const regions = regionsForAll();
const { world, there } = regions;

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
    expect(answer).not.toHaveProperty('ReplicaTags');
    expect(answer.ReplicaKeyMetadata).not.toHaveProperty('CurrentKeyMaterialId');
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
    world.clock.advance(REPLICATION);
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
    const { keyId, material, materialId, replicaArn } = await barelyReplicatedKey(world);
    expect(await states(there, keyId)).toEqual([['CURRENT', 'PENDING_IMPORT']]);
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
    await replicate(world, keyId);
    world.clock.advance(REPLICATION);
    expect(await describeKey(there, keyId)).toMatchObject({
      KeyState: 'Enabled',
      CurrentKeyMaterialId: id,
    });
  });

  it('refuses a primary without its material, disabled, or pending deletion', async () => {
    const { keyId } = await primaryKey(world);
    await world.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await expect(replicate(world, keyId)).rejects.toMatchObject({ name: 'DisabledException' });
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await expect(replicate(world, keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    await schedule(world, keyId);
    await expect(replicate(world, keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
  });

  it('refuses a single-Region key, and a replica, in the recorded words', async () => {
    const single = await createKey(world, {});
    const { keyId, replicaArn } = await replicatedKey(regions);
    await expect(replicate(world, single.KeyId)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${single.Arn} is not a multi-region primary key.`,
    });
    await expect(replicate(there, keyId, THIRD)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${replicaArn} is not a multi-region primary key.`,
    });
  });

  it('refuses a replica that is Creating or PendingImport in the same words', async () => {
    const { keyId } = await primaryKey(world);
    const { Arn } = await replicate(world, keyId);
    const refused = {
      name: 'UnsupportedOperationException',
      message: `${Arn} is not a multi-region primary key.`,
    };
    await expect(replicate(there, keyId, THIRD)).rejects.toMatchObject(refused);
    world.clock.advance(REPLICATION);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    await expect(replicate(there, keyId, THIRD)).rejects.toMatchObject(refused);
  });

  it('returns the tags of the replica if it has any', async () => {
    const { keyId } = await primaryKey(world);
    const Tags = [{ TagKey: 'a', TagValue: 'b' }];
    const request = { KeyId: keyId, ReplicaRegion: OTHER, Tags };
    const { ReplicaTags } = await world.client.send(new ReplicateKeyCommand(request));
    expect(ReplicaTags).toEqual(Tags);
  });

  it('refuses a Region that does not exist', async () => {
    const { keyId } = await primaryKey(world);
    for (const region of ['eu-central-9', 'xx-north-1', 'cn-south-9']) {
      await expect(replicate(world, keyId, region)).rejects.toMatchObject({
        name: 'ValidationException',
      });
    }
    expect(await replicate(world, keyId, 'eu-central-2')).toMatchObject({ KeyState: 'Creating' });
  });

  it('refuses a Region that has the key, even pending deletion, and another partition', async () => {
    const { keyId } = await replicatedKey(regions);
    const exists = { name: 'AlreadyExistsException' };
    await expect(replicate(world, keyId)).rejects.toMatchObject(exists);
    await expect(replicate(world, keyId, REGION)).rejects.toMatchObject(exists);
    await schedule(there, keyId);
    await expect(replicate(world, keyId)).rejects.toMatchObject(exists);
    await expect(replicate(world, keyId, 'cn-north-1')).rejects.toMatchObject({
      name: 'ValidationException',
    });
    world.clock.advance(7 * DAY);
    expect(await replicate(world, keyId)).toMatchObject({ KeyState: 'Creating' });
  });
});
