import {
  DecryptCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  type CreateKeyCommandInput,
} from '@aws-sdk/client-kms';
import {
  clientFor,
  createKey,
  DAY,
  describeKey,
  HOUR,
  importedKey,
  materials,
  rotate,
  SECOND,
  worldForAll,
} from '../support/world';

const world = worldForAll();

const enable = (KeyId: string, RotationPeriodInDays?: number) =>
  world.client.send(
    new EnableKeyRotationCommand({
      KeyId,
      ...(RotationPeriodInDays !== undefined && { RotationPeriodInDays }),
    }),
  );
const disable = (KeyId: string) => world.client.send(new DisableKeyRotationCommand({ KeyId }));
const status = (KeyId: string, client = world.client) =>
  client.send(new GetKeyRotationStatusCommand({ KeyId }));
const inDays = (days: number) => new Date(world.clock.now().getTime() + days * DAY);

describe('when automatic rotation is switched', () => {
  it('shows the period and the next date, and nothing when it is off', async () => {
    const { KeyId, Arn } = await createKey(world, {});
    const off = await status(KeyId);
    expect(off).toMatchObject({ KeyId: Arn, KeyRotationEnabled: false });
    expect(off).not.toHaveProperty('RotationPeriodInDays');
    await enable(KeyId);
    expect(await status(KeyId)).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 365,
      NextRotationDate: inDays(365),
    });
    await enable(KeyId, 90);
    expect(await status(KeyId)).toMatchObject({ RotationPeriodInDays: 90 });
    await disable(KeyId);
    expect(await status(KeyId)).toMatchObject({ KeyRotationEnabled: false });
  });

  it('makes new material when its day comes, and old ciphertext still opens', async () => {
    const { KeyId, CurrentKeyMaterialId: first } = await createKey(world, {});
    const { CiphertextBlob } = await world.client.send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('old') }),
    );
    await enable(KeyId, 100);
    const dates = [inDays(100), inDays(200)];
    world.clock.advance(100 * DAY - 1);
    expect(await describeKey(world, KeyId)).toMatchObject({ CurrentKeyMaterialId: first });
    world.clock.advance(1 + 100 * DAY);
    const { CurrentKeyMaterialId: current } = await describeKey(world, KeyId);
    expect(current).not.toBe(first);
    const { Rotations } = await world.client.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toMatchObject(
      dates.map((RotationDate) => ({ RotationDate, RotationType: 'AUTOMATIC' })),
    );
    expect(await materials(world, KeyId)).toMatchObject([
      { KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' },
      { KeyMaterialState: 'NON_CURRENT' },
      { KeyMaterialId: current, KeyMaterialState: 'CURRENT' },
    ]);
    const opened = await world.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext!).toString()).toBe('old');
  });

  it('leaves the date alone when the key rotates on demand (recorded)', async () => {
    const { KeyId } = await createKey(world, {});
    await enable(KeyId);
    const { NextRotationDate } = await status(KeyId);
    await rotate(world, KeyId);
    world.clock.advance(60_000);
    expect(await status(KeyId)).toMatchObject({ KeyRotationEnabled: true, NextRotationDate });
  });

  it('leaves no room for a rotation on demand in the 20 minutes before it', async () => {
    const { KeyId } = await createKey(world, {});
    await enable(KeyId, 90);
    const minute = 60 * SECOND;
    world.clock.advance(90 * DAY - 20 * minute);
    await expect(rotate(world, KeyId)).rejects.toMatchObject({ name: 'ConflictException' });
    world.clock.advance(20 * minute);
    await rotate(world, KeyId);
    world.clock.advance(90 * DAY - 20 * minute - SECOND);
    await rotate(world, KeyId);
  });

  it('waits while the key is disabled', async () => {
    const { KeyId, CurrentKeyMaterialId: first } = await createKey(world, {});
    await enable(KeyId, 90);
    await world.client.send(new DisableKeyCommand({ KeyId }));
    world.clock.advance(91 * DAY);
    expect(await describeKey(world, KeyId)).toMatchObject({ CurrentKeyMaterialId: first });
    await world.client.send(new EnableKeyCommand({ KeyId }));
    const { CurrentKeyMaterialId: current } = await describeKey(world, KeyId);
    expect(current).not.toBe(first);
  });

  it.each([89, 2561])('refuses a period of %i days', async (days) => {
    const { KeyId } = await createKey(world, {});
    await expect(enable(KeyId, days)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is refused for imported material, in words that name the origin', async () => {
    const { keyId, arn } = await importedKey(world);
    for (const call of [() => enable(keyId), () => disable(keyId)]) {
      await expect(call()).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
        message: `${arn} origin is EXTERNAL which is not valid for this operation.`,
      });
    }
  });

  it.each<CreateKeyCommandInput>([
    { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  ])('is refused for $KeySpec keys, which say that it is off', async (input) => {
    const { KeyId } = await createKey(world, input);
    const refused = { name: 'UnsupportedOperationException' };
    await expect(enable(KeyId)).rejects.toMatchObject(refused);
    await expect(disable(KeyId)).rejects.toMatchObject(refused);
    expect(await status(KeyId)).toMatchObject({ KeyRotationEnabled: false });
    await expect(world.client.send(new ListKeyRotationsCommand({ KeyId }))).rejects.toMatchObject(
      refused,
    );
    await expect(materials(world, KeyId)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Input parameter includeKeyMaterial can only be used with symmetric keys.',
    });
  });

  it('is switched on the primary of a multi-Region key, and seen on its replica', async () => {
    const { KeyId } = await createKey(world, { MultiRegion: true });
    await world.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }));
    world.clock.advance(HOUR);
    await enable(KeyId, 120);
    const west = clientFor(world.kms, { region: 'us-west-2' });
    expect(await status(KeyId, west)).toMatchObject({ RotationPeriodInDays: 120 });
    const refused = { name: 'UnsupportedOperationException' };
    await expect(west.send(new EnableKeyRotationCommand({ KeyId }))).rejects.toMatchObject(refused);
    await expect(west.send(new DisableKeyRotationCommand({ KeyId }))).rejects.toMatchObject(
      refused,
    );
  });
});
