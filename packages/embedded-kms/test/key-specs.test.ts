import { createDecipheriv, randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  SignCommand,
  VerifyCommand,
  type KeySpec,
  type KeyUsageType,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { importWith } from './support/specs';
import { clientFor, createKey, describeKey, worldForAll } from './support/world';

const world = worldForAll();

const message = Buffer.from('what is signed');

const RSA_SIGNING = [
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
];
const OAEP = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];

describe('when a key of some spec is created', () => {
  it.each<[KeySpec, KeyUsageType, object]>([
    ['HMAC_224', 'GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_224'] }],
    ['HMAC_512', 'GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_512'] }],
    ['RSA_2048', 'SIGN_VERIFY', { SigningAlgorithms: RSA_SIGNING }],
    ['RSA_4096', 'ENCRYPT_DECRYPT', { EncryptionAlgorithms: OAEP }],
    ['ECC_NIST_P256', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
    ['ECC_NIST_P384', 'KEY_AGREEMENT', { KeyAgreementAlgorithms: ['ECDH'] }],
    ['ECC_NIST_P521', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_512'] }],
    ['ECC_SECG_P256K1', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
    [
      'ECC_NIST_EDWARDS25519',
      'SIGN_VERIFY',
      { SigningAlgorithms: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
    ],
  ])('says what a %s key for %s can do', async (KeySpec, KeyUsage, algorithms) => {
    const key = await createKey(world, { Origin: 'EXTERNAL', KeySpec, KeyUsage });
    expect(key).toMatchObject({ KeySpec, CustomerMasterKeySpec: KeySpec, KeyUsage, ...algorithms });
    expect(key).toMatchObject({ KeyState: 'PendingImport', Enabled: false });
    const lists = Object.keys(key).filter((name) => name.endsWith('Algorithms'));
    expect(lists).toEqual(Object.keys(algorithms));
  });

  it.each<[KeySpec, KeyUsageType]>([
    ['SYMMETRIC_DEFAULT', 'SIGN_VERIFY'],
    ['HMAC_256', 'ENCRYPT_DECRYPT'],
    ['RSA_2048', 'KEY_AGREEMENT'],
    ['ECC_NIST_P256', 'ENCRYPT_DECRYPT'],
    ['ECC_SECG_P256K1', 'KEY_AGREEMENT'],
    ['ECC_NIST_EDWARDS25519', 'KEY_AGREEMENT'],
  ])('refuses %s for %s', async (KeySpec, KeyUsage) => {
    await expect(createKey(world, { KeySpec, KeyUsage })).rejects.toMatchObject({
      name: 'ValidationException',
      message: `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`,
    });
  });

  it('refuses ML-DSA and ML-KEM keys of origin EXTERNAL', async () => {
    for (const KeySpec of ['ML_DSA_44', 'ML_KEM_768'] as const) {
      await expect(createKey(world, { Origin: 'EXTERNAL', KeySpec })).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
        message: `Origin EXTERNAL is not supported for KeySpec ${KeySpec}.`,
      });
    }
  });

  it.each<[KeySpec, SigningAlgorithmSpec]>([
    ['RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384'],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
  ])('makes material of its own for a %s key of origin AWS_KMS', async (KeySpec, algorithm) => {
    const { KeyId } = await createKey(world, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
    expect(await describeKey(world, KeyId)).toMatchObject({ KeyState: 'Enabled' });
    const request = { KeyId, Message: message, SigningAlgorithm: algorithm };
    const { Signature } = await world.client.send(new SignCommand(request));
    await world.client.send(new VerifyCommand({ ...request, Signature }));
  });

  it('answers other requests while it makes an RSA pair', async () => {
    const { KeyId } = await createKey(world);
    // The first pair of a size may come from another file of the run.
    await createKey(world, { KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' });
    const order: string[] = [];
    const slow = createKey(world, { KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' }).then(() =>
      order.push('created'),
    );
    await describeKey(world, KeyId).then(() => order.push('described'));
    await slow;
    expect(order).toEqual(['described', 'created']);
  });
});

describe('when a symmetric key is in a China Region', () => {
  it('takes 16 bytes and no more, and works with them', async () => {
    const client = clientFor(world.kms, { region: 'cn-north-1' });
    const china = { ...world, client };
    const { KeyId } = await createKey(china);
    const algorithm = 'RSAES_OAEP_SHA_256';
    await expect(importWith(china, KeyId, randomBytes(32), { algorithm })).rejects.toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    const material = randomBytes(16);
    await importWith(china, KeyId, material, { algorithm });
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: message }));
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!)).toEqual(message);

    const blob = Buffer.from(CiphertextBlob!);
    const header = blob.subarray(0, 16 + 36 + 32);
    const rest = blob.subarray(header.length);
    const decipher = createDecipheriv('aes-128-gcm', material, rest.subarray(0, 12));
    decipher.setAuthTag(rest.subarray(12, 28));
    decipher.setAAD(Buffer.concat([header, Buffer.from('[]')]));
    const opened = Buffer.concat([decipher.update(rest.subarray(28)), decipher.final()]);
    expect(opened).toEqual(message);
  });

  it('makes 16 bytes of its own, too', async () => {
    const client = clientFor(world.kms, { region: 'cn-northwest-1' });
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: KeyMetadata!.KeyId, Plaintext: message }),
    );
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!)).toEqual(message);
  });
});
