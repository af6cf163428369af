import { randomBytes } from 'node:crypto';
import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import { createKey, DAY, describeKey, importMaterial, NEW, REGION } from '../support/world';
import {
  moveTo,
  OTHER,
  regionsForAll,
  replicate,
  replicatedKey,
  REPLICATION,
  THIRD,
} from './regions';

const regions = regionsForAll();
const { world, there, elsewhere } = regions;

describe('when the primary Region is changed', () => {
  const typeOf = ({ MultiRegionConfiguration: configuration }: KeyMetadata) =>
    configuration?.MultiRegionKeyType;

  it('swaps the roles, and both keys are Updating and of use meanwhile', async () => {
    const { keyId } = await replicatedKey(regions);
    await moveTo(world, keyId, OTHER);
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
    world.clock.advance(REPLICATION);
    for (const where of [world, there]) {
      expect(await describeKey(where, keyId)).toMatchObject({ KeyState: 'Enabled' });
    }
    await replicate(there, keyId, THIRD);
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
    await replicate(world, keyId);
    world.clock.advance(REPLICATION);
    await moveTo(world, keyId, OTHER);
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
    const { keyId } = await replicatedKey(regions);
    await expect(moveTo(world, keyId, THIRD)).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(moveTo(there, keyId, REGION)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await there.client.send(new DisableKeyCommand({ KeyId: keyId }));
    await expect(moveTo(world, keyId, OTHER)).rejects.toMatchObject({ name: 'DisabledException' });
    await there.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await expect(moveTo(world, keyId, OTHER)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    const single = await createKey(world, {});
    await expect(moveTo(world, single.KeyId, OTHER)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    const { KeyMetadata: gone } = await there.client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(gone).toMatchObject({ KeyState: 'PendingImport' });
  });
});
