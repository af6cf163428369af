import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  ListKeyPoliciesCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import {
  createKey,
  DAY,
  describeKey,
  importedKey,
  importMaterial,
  worldForAll,
} from './support/world';

const world = worldForAll();

type Send = (client: KMSClient, keyId: string) => Promise<unknown>;

const OPERATIONS: Record<string, Send> = {
  GetParametersForImport: (client, KeyId) =>
    client.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    ),
  DeleteImportedKeyMaterial: (client, KeyId) =>
    client.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
  DescribeKey: (client, KeyId) => client.send(new DescribeKeyCommand({ KeyId })),
  GetKeyPolicy: (client, KeyId) => client.send(new GetKeyPolicyCommand({ KeyId })),
  ListKeyPolicies: (client, KeyId) => client.send(new ListKeyPoliciesCommand({ KeyId })),
  ListResourceTags: (client, KeyId) => client.send(new ListResourceTagsCommand({ KeyId })),
  ListKeyRotations: (client, KeyId) => client.send(new ListKeyRotationsCommand({ KeyId })),
  GetKeyRotationStatus: (client, KeyId) => client.send(new GetKeyRotationStatusCommand({ KeyId })),
  RotateKeyOnDemand: (client, KeyId) => client.send(new RotateKeyOnDemandCommand({ KeyId })),
  EnableKey: (client, KeyId) => client.send(new EnableKeyCommand({ KeyId })),
  DisableKey: (client, KeyId) => client.send(new DisableKeyCommand({ KeyId })),
  ScheduleKeyDeletion: (client, KeyId) => client.send(new ScheduleKeyDeletionCommand({ KeyId })),
  CancelKeyDeletion: (client, KeyId) => client.send(new CancelKeyDeletionCommand({ KeyId })),
  TagResource: (client, KeyId) =>
    client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] })),
  UntagResource: (client, KeyId) =>
    client.send(new UntagResourceCommand({ KeyId, TagKeys: ['a'] })),
  Encrypt: (client, KeyId) =>
    client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') })),
  GenerateDataKey: (client, KeyId) =>
    client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
};

const DISABLED = 'DisabledException';
const STATE = 'KMSInvalidStateException';
const UNSUPPORTED = 'UnsupportedOperationException';

// Written by hand from AWS's table (Developer Guide, key-state), for EXTERNAL keys; what is not named is allowed.
const REFUSED: Record<string, Record<string, string>> = {
  Enabled: { CancelKeyDeletion: STATE },
  Disabled: {
    RotateKeyOnDemand: DISABLED,
    CancelKeyDeletion: STATE,
    Encrypt: DISABLED,
    GenerateDataKey: DISABLED,
  },
  PendingDeletion: {
    GetParametersForImport: STATE,
    RotateKeyOnDemand: STATE,
    EnableKey: STATE,
    DisableKey: STATE,
    ScheduleKeyDeletion: STATE,
    TagResource: STATE,
    UntagResource: STATE,
    Encrypt: STATE,
    GenerateDataKey: STATE,
  },
  PendingImport: {
    GetKeyRotationStatus: UNSUPPORTED,
    RotateKeyOnDemand: STATE,
    EnableKey: STATE,
    DisableKey: STATE,
    CancelKeyDeletion: STATE,
    Encrypt: STATE,
    GenerateDataKey: STATE,
  },
};

/** A key in the given state; with staged material where it can have some, so that it could rotate. */
async function keyIn(state: string): Promise<string> {
  if (state === 'PendingImport') return (await createKey(world)).KeyId;
  const { keyId } = await importedKey(world);
  await importMaterial(world, keyId, Buffer.alloc(32, 7), { ImportType: 'NEW_KEY_MATERIAL' });
  if (state === 'Disabled') await world.client.send(new DisableKeyCommand({ KeyId: keyId }));
  if (state === 'PendingDeletion') {
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
  }
  return keyId;
}

describe.each(Object.entries(REFUSED))('when a key is %s', (state, refused) => {
  it.each(Object.entries(OPERATIONS))(
    '%s answers as the key-state table says',
    async (name, send) => {
      const keyId = await keyIn(state);
      expect(await describeKey(world, keyId)).toMatchObject({
        KeyState: state,
        Enabled: state === 'Enabled',
      });
      const answer = send(world.client, keyId);
      if (refused[name] === undefined) await answer;
      else await expect(answer).rejects.toMatchObject({ name: refused[name] });
    },
  );
});

describe('when a key has origin AWS_KMS', () => {
  it.each(['GetParametersForImport', 'DeleteImportedKeyMaterial'])('refuses %s', async (name) => {
    const { KeyId } = await createKey(world, {});
    await expect(OPERATIONS[name]!(world.client, KeyId)).rejects.toMatchObject({
      name: UNSUPPORTED,
    });
  });
});

describe('when the deletion of a key is scheduled', () => {
  it('says when, and the key is gone when the window is over', async () => {
    const { keyId, arn } = await importedKey(world);
    const at = new Date(world.clock.now().getTime() + 7 * DAY);
    expect(
      await world.client.send(
        new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }),
      ),
    ).toMatchObject({
      KeyId: arn,
      KeyState: 'PendingDeletion',
      DeletionDate: at,
      PendingWindowInDays: 7,
    });
    expect(await describeKey(world, keyId)).toMatchObject({ DeletionDate: at, Enabled: false });
    world.clock.advance(7 * DAY);
    await expect(describeKey(world, keyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it.each([1, 6, 31])('refuses a window of %i days', async (days) => {
    const { KeyId } = await createKey(world);
    await expect(
      world.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: days })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is Disabled after cancellation, and PendingImport when its material is missing', async () => {
    const { keyId, material } = await importedKey(world);
    const schedule = () => world.client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
    const cancel = () => world.client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    await schedule();
    await cancel();
    const cancelled = await describeKey(world, keyId);
    expect(cancelled).toMatchObject({ KeyState: 'Disabled' });
    expect(cancelled).not.toHaveProperty('DeletionDate');

    await schedule();
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingDeletion' });
    await cancel();
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'PendingImport' });
    await importMaterial(world, keyId, material);
    expect(await describeKey(world, keyId)).toMatchObject({ KeyState: 'Enabled' });
  });

  it('takes ciphertexts no more', async () => {
    const { keyId } = await importedKey(world);
    const { CiphertextBlob } = await world.client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('x') }),
    );
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
    await expect(world.client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: STATE,
    });
    world.clock.advance(30 * DAY);
    await expect(world.client.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
  });
});
