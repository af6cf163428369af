import { DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { describeKey, HOUR, importMaterial, materials } from '../support/world';
import { regionsForAll, replicatedKey } from './regions';

const regions = regionsForAll();
const { world, there } = regions;

describe('when related keys live their own lives', () => {
  it('keeps key states and expiry apart', async () => {
    const { keyId, material } = await replicatedKey(regions);
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
    const { keyId, material } = await replicatedKey(regions);
    await importMaterial(world, keyId, material, { KeyMaterialDescription: 'vault: k1' });
    expect(await materials(there, keyId)).toMatchObject([{ KeyMaterialDescription: 'vault: k1' }]);
    await expect(
      importMaterial(there, keyId, material, { KeyMaterialDescription: 'other' }),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});
