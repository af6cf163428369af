import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  DecryptCommand,
  type DecryptCommandInput,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  type DataKeyPairSpec,
} from '@aws-sdk/client-kms';
import { importedPair, spki } from '../support/specs';
import { createKey, worldForAll } from '../support/world';

const world = worldForAll();

const EncryptionContext = { for: 'test' };
const decrypt = (request: DecryptCommandInput) => world.client.send(new DecryptCommand(request));

describe('when data keys are generated', () => {
  it('one without plaintext opens to the length that was asked for', async () => {
    const { KeyId, CurrentKeyMaterialId } = await createKey(world, {});
    const answer = await world.client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 77, EncryptionContext }),
    );
    expect(answer).toMatchObject({ KeyMaterialId: CurrentKeyMaterialId });
    expect(answer).not.toHaveProperty('Plaintext');
    const { CiphertextBlob } = answer;
    expect((await decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toHaveLength(77);
  });

  it.each<DataKeyPairSpec>(['RSA_2048', 'ECC_NIST_P521', 'ECC_NIST_EDWARDS25519'])(
    'a pair of %s belongs together',
    async (KeyPairSpec) => {
      const { KeyId, Arn } = await createKey(world, {});
      const request = { KeyId, KeyPairSpec, EncryptionContext };
      const pair = await world.client.send(new GenerateDataKeyPairCommand(request));
      expect(pair).toMatchObject({ KeyId: Arn, KeyPairSpec });
      const opened = await decrypt({
        CiphertextBlob: pair.PrivateKeyCiphertextBlob,
        EncryptionContext,
      });
      expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext);
      const privateKey = createPrivateKey({
        key: Buffer.from(pair.PrivateKeyPlaintext!),
        format: 'der',
        type: 'pkcs8',
      });
      expect(spki(createPublicKey(privateKey))).toEqual(Buffer.from(pair.PublicKey!));

      const without = await world.client.send(
        new GenerateDataKeyPairWithoutPlaintextCommand(request),
      );
      expect(without).not.toHaveProperty('PrivateKeyPlaintext');
      await decrypt({ CiphertextBlob: without.PrivateKeyCiphertextBlob, EncryptionContext });
    },
  );

  it('needs a symmetric encryption key', async () => {
    const { KeyId } = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    for (const command of [
      new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
      new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ECC_NIST_P256' }),
    ]) {
      await expect(world.client.send(command as GenerateDataKeyCommand)).rejects.toMatchObject({
        name: 'InvalidKeyUsageException',
      });
    }
  });

  it('names a pair that is not served', async () => {
    const { KeyId } = await createKey(world, {});
    await expect(
      world.client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'SM2' })),
    ).rejects.toThrow('KeyPairSpec SM2 is not served');
  });
});
