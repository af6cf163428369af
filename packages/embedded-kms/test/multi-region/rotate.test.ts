import { randomBytes } from 'node:crypto';
import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import { DAY, describeKey, EXISTING, importMaterial, NEW, rotate, SECOND } from '../support/world';
import {
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

describe('when a multi-Region key is rotated', () => {
  it('waits until every replica has the material, and then rotates everywhere', async () => {
    const { keyId, materialId } = await replicatedKey(regions);
    const next = randomBytes(32);
    await expect(importMaterial(there, keyId, next, NEW)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    const nextId = await importMaterial(world, keyId, next, NEW);
    const waiting = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect((await states(world, keyId))[1]).toEqual([waiting, 'IMPORTED']);
    expect((await states(there, keyId))[1]).toEqual([waiting, 'PENDING_IMPORT']);
    await expect(rotate(world, keyId)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('No available key material pending rotation') as string,
    });
    await expect(importMaterial(world, keyId, randomBytes(32), NEW)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });

    expect(await importMaterial(there, keyId, next, EXISTING)).toBe(nextId);
    for (const where of [world, there]) {
      expect((await states(where, keyId))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
      expect(await describeKey(where, keyId)).toMatchObject({
        KeyState: 'Enabled',
        CurrentKeyMaterialId: materialId,
      });
    }
    await expect(rotate(there, keyId)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await rotate(world, keyId);
    world.clock.advance(60 * SECOND);
    for (const where of [world, there]) {
      expect(await states(where, keyId)).toEqual([
        ['NON_CURRENT', 'IMPORTED'],
        ['CURRENT', 'IMPORTED'],
      ]);
      expect(await describeKey(where, keyId)).toMatchObject({ CurrentKeyMaterialId: nextId });
    }
  });

  it('goes back to waiting when a replica loses the staged material, or a new one comes', async () => {
    const { keyId } = await replicatedKey(regions);
    const next = randomBytes(32);
    const nextId = await importMaterial(world, keyId, next, NEW);
    await importMaterial(there, keyId, next);
    await there.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: nextId }),
    );
    const waiting = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect((await states(world, keyId))[1]).toEqual([waiting, 'IMPORTED']);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'Enabled' });
    await importMaterial(there, keyId, next);
    expect((await states(world, keyId))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
    await replicate(world, keyId, THIRD);
    expect((await states(world, keyId))[1]).toEqual([waiting, 'IMPORTED']);
  });

  it('is ready as soon as the only replica without the material is gone', async () => {
    const { keyId } = await replicatedKey(regions);
    await importMaterial(world, keyId, randomBytes(32), NEW);
    await schedule(there, keyId);
    world.clock.advance(7 * DAY);
    expect((await states(world, keyId))[1]).toEqual(['PENDING_ROTATION', 'IMPORTED']);
  });

  it('deletes the staged material of the replicas with that of the primary', async () => {
    const { keyId } = await replicatedKey(regions);
    const next = randomBytes(32);
    const nextId = await importMaterial(world, keyId, next, NEW);
    await importMaterial(there, keyId, next);
    await world.client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: nextId }),
    );
    for (const where of [world, there]) expect(await states(where, keyId)).toHaveLength(1);
  });

  it('asks a new replica for every historic material', async () => {
    const { keyId, material } = await primaryKey(world);
    const next = randomBytes(32);
    await importMaterial(world, keyId, next, NEW);
    await rotate(world, keyId);
    world.clock.advance(60 * SECOND);
    await replicate(world, keyId);
    world.clock.advance(REPLICATION);
    await importMaterial(there, keyId, next);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    await importMaterial(there, keyId, material);
    expect(await describeKey(there, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });
});
