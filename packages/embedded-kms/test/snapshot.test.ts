import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  EncryptCommand,
  ImportKeyMaterialCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { startKms, type KmsSnapshot } from '../src';
import {
  clientFor,
  createKey,
  DAY,
  describeKey,
  importedKey,
  importMaterial,
  materials,
  parametersForImport,
  startWorld,
  wrap,
} from './support/world';

const throughJson = (snapshot: KmsSnapshot) => JSON.parse(JSON.stringify(snapshot)) as KmsSnapshot;

describe('when a server is started from the snapshot of another', () => {
  it('goes on with all keys, materials, rotations and deletions', async () => {
    const first = await startWorld();
    const { keyId } = await importedKey(first);
    const encrypt = new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') });
    const { CiphertextBlob } = await first.client.send(encrypt);
    const next = await importMaterial(first, keyId, randomBytes(32), {
      ImportType: 'NEW_KEY_MATERIAL',
    });
    await first.client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    const doomed = await createKey(first, { MultiRegion: true });
    await first.client.send(
      new ReplicateKeyCommand({ KeyId: doomed.KeyId, ReplicaRegion: 'us-west-2' }),
    );
    await first.client.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.KeyId }));
    const before = await describeKey(first, keyId);
    const state = throughJson(first.kms.snapshot());
    expect(state.takenAt).toBe('2030-01-01T00:00:00.000Z');
    await first.close();

    const second = await startWorld({ state });
    try {
      expect(await describeKey(second, keyId)).toEqual(before);
      second.clock.advance(60_000);
      expect(await describeKey(second, keyId)).toMatchObject({ CurrentKeyMaterialId: next });
      expect(await materials(second, keyId)).toHaveLength(2);
      await second.client.send(new DecryptCommand({ CiphertextBlob }));
      const there = { ...second, client: clientFor(second.kms, { region: 'us-west-2' }) };
      expect(await describeKey(there, doomed.KeyId)).toMatchObject({ KeyState: 'Enabled' });
      second.clock.advance(60 * DAY);
      expect(await describeKey(second, doomed.KeyId)).toMatchObject({
        KeyState: 'PendingReplicaDeletion',
      });
      there.client.destroy();
    } finally {
      await second.close();
    }
  });

  it('is a copy: what happens later does not change it', async () => {
    const world = await startWorld();
    try {
      const { KeyId } = await createKey(world);
      const snapshot = world.kms.snapshot();
      const text = JSON.stringify(snapshot);
      await importMaterial(world, KeyId, randomBytes(32));
      await createKey(world);
      expect(JSON.stringify(snapshot)).toBe(text);
      world.kms.restore(snapshot);
      expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'PendingImport' });
      await importMaterial(world, KeyId, randomBytes(32));
      expect(JSON.stringify(snapshot)).toBe(text);
    } finally {
      await world.close();
    }
  });

  it('does not take the import tokens of the other server', async () => {
    const first = await startWorld();
    const { KeyId } = await createKey(first);
    const parameters = await parametersForImport(first, KeyId);
    const second = await startWorld({ state: first.kms.snapshot() });
    await first.close();
    try {
      const send = second.client.send(
        new ImportKeyMaterialCommand({
          KeyId,
          ImportToken: parameters.ImportToken,
          EncryptedKeyMaterial: wrap(parameters.PublicKey!, randomBytes(32)),
          ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        }),
      );
      await expect(send).rejects.toMatchObject({ name: 'InvalidImportTokenException' });
    } finally {
      await second.close();
    }
  });

  it('refuses what is no snapshot, of another version, or damaged', async () => {
    const world = await startWorld();
    const good = world.kms.snapshot();
    await world.close();
    for (const bad of [
      null,
      {},
      { ...good, version: 2 },
      { ...good, state: {} },
      { ...good, state: 1 },
    ]) {
      await expect(startKms({ state: bad as unknown as KmsSnapshot })).rejects.toThrow(TypeError);
    }
  });
});
