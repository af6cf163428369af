import { publicEncrypt } from 'node:crypto';
import {
  DecryptCommand,
  type DecryptCommandInput,
  EncryptCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { importedPair } from '../support/specs';
import { createKey, worldForAll } from '../support/world';

const world = worldForAll();

const Plaintext = Buffer.from('secret');
const EncryptionContext = { for: 'test' };
const decrypt = (request: DecryptCommandInput) => world.client.send(new DecryptCommand(request));

describe('when data is encrypted with a key pair', () => {
  it('comes back, when the key and the algorithm are named', async () => {
    const { KeyId, Arn } = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const { CiphertextBlob, ...rest } = await world.client.send(
      new EncryptCommand({ KeyId, Plaintext, EncryptionAlgorithm }),
    );
    expect(rest).toMatchObject({ KeyId: Arn, EncryptionAlgorithm });
    const opened = await decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm });
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
    for (const bad of [
      { KeyId, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
      { KeyId, CiphertextBlob },
      { CiphertextBlob, EncryptionAlgorithm },
    ] as const) {
      await expect(decrypt(bad)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  it('does not come back from a ciphertext whose leading zero was cut off', async () => {
    const { KeyId, publicKey } = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    let whole: Buffer;
    do whole = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, Plaintext);
    while (whole[0] !== 0);
    await decrypt({ KeyId, CiphertextBlob: whole, EncryptionAlgorithm });
    await expect(
      decrypt({ KeyId, CiphertextBlob: whole.subarray(1), EncryptionAlgorithm }),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses the symmetric algorithm, and an encryption context', async () => {
    const { KeyId } = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    await expect(world.client.send(new EncryptCommand({ KeyId, Plaintext }))).rejects.toMatchObject(
      {
        name: 'InvalidKeyUsageException',
        message: 'Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.',
      },
    );
    const request = { KeyId, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1', EncryptionContext } as const;
    await expect(
      world.client.send(new EncryptCommand({ ...request, Plaintext })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(decrypt({ ...request, CiphertextBlob: Buffer.alloc(256) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('is not done with a key for signatures', async () => {
    const { KeyId, Arn } = await importedPair(world, 'RSA_2048', 'SIGN_VERIFY');
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_1';
    await expect(
      decrypt({ KeyId, CiphertextBlob: Buffer.alloc(256), EncryptionAlgorithm }),
    ).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${Arn} key usage is SIGN_VERIFY which is not valid for Decrypt.`,
    });
  });
});

describe('when data is encrypted again', () => {
  it('moves between keys, contexts and algorithms', async () => {
    const symmetric = await createKey(world, {});
    const rsa = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    const { CiphertextBlob: first } = await world.client.send(
      new EncryptCommand({ KeyId: symmetric.KeyId, Plaintext, EncryptionContext }),
    );
    const algorithm = 'RSAES_OAEP_SHA_256';
    const { CiphertextBlob: second, ...there } = await world.client.send(
      new ReEncryptCommand({
        CiphertextBlob: first,
        SourceEncryptionContext: EncryptionContext,
        DestinationKeyId: rsa.KeyId,
        DestinationEncryptionAlgorithm: algorithm,
      }),
    );
    expect(there).toMatchObject({
      SourceKeyId: symmetric.Arn,
      KeyId: rsa.Arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: algorithm,
      SourceKeyMaterialId: symmetric.CurrentKeyMaterialId,
    });
    expect(there).not.toHaveProperty('DestinationKeyMaterialId');
    const { CiphertextBlob: third, ...back } = await world.client.send(
      new ReEncryptCommand({
        CiphertextBlob: second,
        SourceKeyId: rsa.KeyId,
        SourceEncryptionAlgorithm: algorithm,
        DestinationKeyId: symmetric.KeyId,
      }),
    );
    expect(back).toMatchObject({ DestinationKeyMaterialId: symmetric.CurrentKeyMaterialId });
    const opened = await decrypt({ CiphertextBlob: third });
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
  });

  it('is refused for a destination that cannot encrypt', async () => {
    const { KeyId } = await createKey(world, {});
    const mac = await createKey(world, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const { CiphertextBlob } = await world.client.send(new EncryptCommand({ KeyId, Plaintext }));
    await expect(
      world.client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: mac.KeyId })),
    ).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });
});
