import {
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  sign as signLocally,
  verify as verifyLocally,
  constants,
  publicEncrypt,
} from 'node:crypto';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DeriveSharedSecretCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  ReplicateKeyCommand,
  SignCommand,
  VerifyCommand,
  type AlgorithmSpec,
  type KeySpec,
  type SigningAlgorithmSpec,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { importedHmac, importedPair, importWith, pairOf, pkcs8, spki } from './support/specs';
import { clientFor, createKey, describeKey, HOUR, worldForAll } from './support/world';

const world = worldForAll();

const message = Buffer.from('what is signed');

describe('when a private key is imported', () => {
  it.each<[KeySpec, AlgorithmSpec, WrappingKeySpec]>([
    ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
    ['RSA_3072', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_3072'],
    ['ECC_NIST_P256', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
    ['ECC_NIST_P256', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
    ['ECC_NIST_P384', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
    ['ECC_NIST_P521', 'RSAES_OAEP_SHA_256', 'RSA_4096'],
    ['ECC_NIST_P521', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
    ['ECC_SECG_P256K1', 'RSAES_OAEP_SHA_1', 'RSA_2048'],
    ['ECC_NIST_EDWARDS25519', 'RSAES_OAEP_SHA_256', 'RSA_3072'],
    ['ECC_NIST_EDWARDS25519', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
  ])('a %s key wrapped with %s and %s has our public key', async (KeySpec, algorithm, wrapping) => {
    const { KeyId, Arn } = await createKey(world, {
      Origin: 'EXTERNAL',
      KeySpec,
      KeyUsage: 'SIGN_VERIFY',
    });
    const { privateKey, publicKey } = pairOf(KeySpec);
    const answer = await importWith(world, KeyId, pkcs8(privateKey), {
      algorithm,
      wrappingKeySpec: wrapping,
    });
    expect(answer.KeyId).toBe(Arn);
    expect(answer).not.toHaveProperty('KeyMaterialId');
    const metadata = await describeKey(world, KeyId);
    expect(metadata).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    expect(metadata).not.toHaveProperty('CurrentKeyMaterialId');
    const { PublicKey } = await world.client.send(new GetPublicKeyCommand({ KeyId }));
    expect(Buffer.from(PublicKey!)).toEqual(spki(publicKey));
  });

  it.each<[KeySpec, SigningAlgorithmSpec, string | null]>([
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512', 'sha512'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', null],
  ])('a %s key signs for our public key, and our signatures verify', async (spec, name, hash) => {
    const { KeyId, privateKey, publicKey } = await importedPair(world, spec);
    const request = { KeyId, Message: message, SigningAlgorithm: name };
    const { Signature } = await world.client.send(new SignCommand(request));
    expect(verifyLocally(hash, message, publicKey, Signature!)).toBe(true);
    const ours = signLocally(hash, message, privateKey);
    expect(
      await world.client.send(new VerifyCommand({ ...request, Signature: ours })),
    ).toMatchObject({ SignatureValid: true, SigningAlgorithm: name });
  });

  it('an RSA key decrypts what was encrypted for it outside of KMS', async () => {
    const { KeyId, publicKey } = await importedPair(world, 'RSA_2048', 'ENCRYPT_DECRYPT');
    for (const [EncryptionAlgorithm, oaepHash] of [
      ['RSAES_OAEP_SHA_1', 'sha1'],
      ['RSAES_OAEP_SHA_256', 'sha256'],
    ] as const) {
      const CiphertextBlob = publicEncrypt(
        { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash },
        message,
      );
      const answer = await world.client.send(
        new DecryptCommand({ KeyId, CiphertextBlob, EncryptionAlgorithm }),
      );
      expect(Buffer.from(answer.Plaintext!)).toEqual(message);
      expect(answer).not.toHaveProperty('KeyMaterialId');
    }
  });

  it('a key for key agreement derives the secret that its owner derives', async () => {
    const { KeyId, privateKey } = await importedPair(world, 'ECC_NIST_P384', 'KEY_AGREEMENT');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const { SharedSecret, KeyOrigin } = await world.client.send(
      new DeriveSharedSecretCommand({
        KeyId,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey: spki(other.publicKey),
      }),
    );
    const ours = diffieHellman({ privateKey, publicKey: other.publicKey });
    expect(Buffer.from(SharedSecret!)).toEqual(ours);
    expect(KeyOrigin).toBe('EXTERNAL');
  });

  it('the very same key is taken again and no other, and GetPublicKey works without it', async () => {
    const { KeyId, privateKey, publicKey } = await importedPair(world, 'ECC_NIST_P256');
    await importWith(world, KeyId, pkcs8(privateKey));
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await expect(importWith(world, KeyId, pkcs8(other))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    const deleted = await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(deleted).not.toHaveProperty('KeyMaterialId');
    expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'PendingImport' });
    await expect(importWith(world, KeyId, pkcs8(other))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    const { PublicKey } = await world.client.send(new GetPublicKeyCommand({ KeyId }));
    expect(Buffer.from(PublicKey!)).toEqual(spki(publicKey));
    await importWith(world, KeyId, pkcs8(privateKey));
    expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'Enabled' });
  });

  it('a replica takes the same key in its own Region, and signs for it', async () => {
    const { KeyId } = await createKey(world, {
      Origin: 'EXTERNAL',
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      MultiRegion: true,
    });
    const { privateKey, publicKey } = pairOf('ECC_NIST_P256');
    await importWith(world, KeyId, pkcs8(privateKey));
    await world.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }));
    world.clock.advance(HOUR);
    const client = clientFor(world.kms, { region: 'us-west-2' });
    const request = { KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    await expect(client.send(new SignCommand(request))).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await expect(importWith({ client }, KeyId, pkcs8(other))).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    await importWith({ client }, KeyId, pkcs8(privateKey));
    const { Signature } = await client.send(new SignCommand(request));
    expect(verifyLocally('sha256', message, publicKey, Signature!)).toBe(true);
  });

  it('members for symmetric keys are refused', async () => {
    const { KeyId, privateKey } = await importedPair(world, 'ECC_NIST_P256');
    for (const extras of [
      { ImportType: 'EXISTING_KEY_MATERIAL' },
      { KeyMaterialDescription: 'mine' },
      { KeyMaterialId: 'a'.repeat(64) },
    ] as const) {
      await expect(importWith(world, KeyId, pkcs8(privateKey), { extras })).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
      });
    }
    await expect(
      world.client.send(
        new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: 'a'.repeat(64) }),
      ),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('when HMAC material is imported', () => {
  it.each([
    ['HMAC_224', 'sha224', 28, 'HMAC_SHA_224'],
    ['HMAC_256', 'sha256', 32, 'HMAC_SHA_256'],
    ['HMAC_384', 'sha384', 48, 'HMAC_SHA_384'],
    ['HMAC_512', 'sha512', 64, 'HMAC_SHA_512'],
  ] as const)(
    '%s takes its length to 128 bytes, and MACs are ours',
    async (spec, hash, min, MacAlgorithm) => {
      for (const length of [min, 128]) {
        const material = randomBytes(length);
        const { KeyId, answer } = await importedHmac(world, spec, material);
        expect(answer).not.toHaveProperty('KeyMaterialId');
        const { Mac } = await world.client.send(
          new GenerateMacCommand({ KeyId, Message: message, MacAlgorithm }),
        );
        expect(Buffer.from(Mac!)).toEqual(createHmac(hash, material).update(message).digest());
      }
      for (const length of [min - 1, 129]) {
        await expect(importedHmac(world, spec, randomBytes(length))).rejects.toMatchObject({
          name: 'IncorrectKeyMaterialException',
        });
      }
    },
  );
});
