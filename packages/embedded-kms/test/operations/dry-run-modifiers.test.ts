import {
  DecryptCommand,
  DisableKeyCommand,
  EncryptCommand,
  ReEncryptCommand,
  type DecryptCommandInput,
  type DryRunModifierType,
  type ReEncryptCommandInput,
} from '@aws-sdk/client-kms';
import { createKey, worldForAll } from '../support/world';

const world = worldForAll();

const DryRunModifiers: DryRunModifierType[] = ['IGNORE_CIPHERTEXT'];
const dry = { DryRun: true, DryRunModifiers };
const DRY = { name: 'DryRunOperationException' };
const VALIDATION = { name: 'ValidationException' };

const decrypt = (input: DecryptCommandInput) => world.client.send(new DecryptCommand(input));
const reEncrypt = (input: ReEncryptCommandInput) => world.client.send(new ReEncryptCommand(input));

describe('when a dry run ignores the ciphertext', () => {
  it('succeeds without one, and with one that is none', async () => {
    const { KeyId } = await createKey(world, {});
    const CiphertextBlob = Buffer.from('x');
    for (const call of [
      decrypt({ KeyId, ...dry }),
      decrypt({ KeyId, CiphertextBlob, ...dry }),
      reEncrypt({ SourceKeyId: KeyId, DestinationKeyId: KeyId, ...dry }),
    ]) {
      await expect(call).rejects.toMatchObject(DRY);
    }
  });

  it('needs the key, and asks about its state, usage and algorithm', async () => {
    const { KeyId } = await createKey(world, {});
    const signing = await createKey(world, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const disabled = await createKey(world, {});
    await world.client.send(new DisableKeyCommand({ KeyId: disabled.KeyId }));
    await expect(decrypt(dry)).rejects.toMatchObject(VALIDATION);
    await expect(reEncrypt({ DestinationKeyId: KeyId, ...dry })).rejects.toMatchObject(VALIDATION);
    for (const [id, name] of [
      [signing.KeyId, 'InvalidKeyUsageException'],
      [disabled.KeyId, 'DisabledException'],
      ['11111111-2222-3333-4444-555555555555', 'NotFoundException'],
    ] as const) {
      const refusal = { name };
      await expect(decrypt({ KeyId: id, ...dry })).rejects.toMatchObject(refusal);
      for (const [SourceKeyId, DestinationKeyId] of [
        [id, KeyId],
        [KeyId, id],
      ] as const) {
        await expect(reEncrypt({ SourceKeyId, DestinationKeyId, ...dry })).rejects.toMatchObject(
          refusal,
        );
      }
    }
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    await expect(decrypt({ KeyId, EncryptionAlgorithm, ...dry })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    });
  });
});

describe('when the modifier comes without a dry run, or the dry run without it', () => {
  it('needs a ciphertext, and decrypts it', async () => {
    const { KeyId } = await createKey(world, {});
    const Plaintext = Buffer.from('secret');
    const { CiphertextBlob } = await world.client.send(new EncryptCommand({ KeyId, Plaintext }));
    const opened = await decrypt({ KeyId, CiphertextBlob, DryRunModifiers });
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
    for (const input of [{ KeyId }, { KeyId, DryRunModifiers }, { KeyId, DryRun: true }]) {
      await expect(decrypt(input)).rejects.toMatchObject({
        ...VALIDATION,
        message:
          "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
      });
    }
    await expect(reEncrypt({ SourceKeyId: KeyId, DestinationKeyId: KeyId })).rejects.toMatchObject(
      VALIDATION,
    );
    const CiphertextOfNobody = Buffer.from('x');
    await expect(
      decrypt({ KeyId, CiphertextBlob: CiphertextOfNobody, DryRun: true }),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });
});
