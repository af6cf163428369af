import { createPublicKey, verify } from 'node:crypto';
import {
  CreateAliasCommand,
  DecapsulateCommand,
  EncapsulateCommand,
  GenerateDataKeyPairCommand,
  GetPublicKeyCommand,
  SignCommand,
  VerifyCommand,
  type CreateKeyCommandInput,
  type KeySpec,
  type KeyUsageType,
} from '@aws-sdk/client-kms';
import { hasPrimitive } from '../../src/crypto/post-quantum';
import type { KmsSnapshot } from '../../src';
import { createKey, startWorld, worldForAll } from '../support/world';

const world = worldForAll();

const EncapsulationAlgorithm = 'ML_KEM';
const SigningAlgorithm = 'ML_DSA_SHAKE_256';
const message = Buffer.from('message');
const UNSUPPORTED = { name: 'UnsupportedOperationException' };

const encapsulate = (KeyId: string, extras: object = {}) =>
  world.client.send(new EncapsulateCommand({ KeyId, EncapsulationAlgorithm, ...extras }));
const decapsulate = (KeyId: string, SharedSecretCiphertextBlob: Uint8Array, extras: object = {}) =>
  world.client.send(
    new DecapsulateCommand({
      KeyId,
      SharedSecretCiphertextBlob,
      EncapsulationAlgorithm,
      ...extras,
    }),
  );

const usageOf = (KeySpec: KeySpec): KeyUsageType =>
  KeySpec.startsWith('ML_KEM') ? 'ENCAPSULATE_DECAPSULATE' : 'SIGN_VERIFY';

describe('when the key is not an ML-KEM key', () => {
  it('encapsulates and decapsulates nothing', async () => {
    for (const { KeyId } of [
      await createKey(world, {}),
      await createKey(world, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }),
    ]) {
      for (const call of [encapsulate(KeyId), decapsulate(KeyId, Buffer.alloc(768))]) {
        await expect(call).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
      }
    }
  });
});

// The tests for a Node.js without these primitives and those for one with them exclude each other, and a test of
// the project runs this file under a newer Node.js.
const describeIf = (condition: boolean): typeof describe | (() => void) =>
  condition ? describe : () => undefined;

const describeWithout = describeIf(!hasPrimitive('ML-KEM') && !hasPrimitive('ML-DSA'));

describeWithout('when the running Node.js has no post-quantum cryptography', () => {
  it.each<[KeySpec, string]>([
    ['ML_DSA_44', '24.6'],
    ['ML_KEM_1024', '24.7'],
  ])('refuses %s and names Node.js %s', async (KeySpec, version) => {
    const creation = createKey(world, { KeySpec, KeyUsage: usageOf(KeySpec) });
    await expect(creation).rejects.toMatchObject(UNSUPPORTED);
    await expect(creation).rejects.toThrow(`KeySpec ${KeySpec} needs Node.js ${version}`);
  });

  it.each<KeySpec>(['ML_DSA_65', 'ML_KEM_768'])(
    'refuses first what AWS refuses of %s',
    async (KeySpec) => {
      const right = { KeySpec, KeyUsage: usageOf(KeySpec) };
      const wrong: [CreateKeyCommandInput, string][] = [
        [{ KeySpec }, 'ValidationException'],
        [{ KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' }, 'ValidationException'],
        [{ ...right, Tags: [{ TagKey: 'aws:a', TagValue: '' }] }, 'TagException'],
        [{ ...right, Policy: '{}' }, 'MalformedPolicyDocumentException'],
        [{ ...right, XksKeyId: 'x' }, 'ValidationException'],
      ];
      for (const [input, name] of wrong) {
        await expect(createKey(world, input)).rejects.toMatchObject({ name });
      }
    },
  );

  it('refuses first what AWS refuses of a key from the snapshot of a newer Node.js', async () => {
    const kem = await createKey(world, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const dsa = await createKey(world, { KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' });
    const text = JSON.stringify(world.kms.snapshot())
      .replace(
        '"RSA_2048","keyUsage":"ENCRYPT_DECRYPT"',
        '"ML_KEM_512","keyUsage":"ENCAPSULATE_DECAPSULATE"',
      )
      .replace('"RSA_3072"', '"ML_DSA_44"');
    const other = await startWorld({ state: JSON.parse(text) as KmsSnapshot });
    const decapsulation = (length: number) =>
      other.client.send(
        new DecapsulateCommand({
          KeyId: kem.KeyId,
          SharedSecretCiphertextBlob: Buffer.alloc(length),
          EncapsulationAlgorithm,
        }),
      );
    const signing = (MessageType: 'RAW' | 'DIGEST') =>
      other.client.send(
        new SignCommand({ KeyId: dsa.KeyId, Message: message, SigningAlgorithm, MessageType }),
      );
    try {
      await expect(decapsulation(1)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
      await expect(decapsulation(768)).rejects.toMatchObject(UNSUPPORTED);
      await expect(signing('DIGEST')).rejects.toMatchObject({ name: 'ValidationException' });
      await expect(signing('RAW')).rejects.toMatchObject(UNSUPPORTED);
    } finally {
      await other.close();
    }
  });

  it('refuses ML-KEM data key pairs', async () => {
    const { KeyId } = await createKey(world, {});
    await expect(
      world.client.send(new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ML_KEM_768' })),
    ).rejects.toMatchObject(UNSUPPORTED);
  });
});

const describeKem = describeIf(hasPrimitive('ML-KEM'));

describeKem('when the key is an ML-KEM key', () => {
  it.each<[KeySpec, number]>([
    ['ML_KEM_512', 768],
    ['ML_KEM_768', 1088],
    ['ML_KEM_1024', 1568],
  ])('shares secrets of 32 bytes under %s, encapsulated in %d', async (KeySpec, length) => {
    const key = await createKey(world, { KeySpec, KeyUsage: 'ENCAPSULATE_DECAPSULATE' });
    expect(key).toMatchObject({ KeySpec, EncapsulationAlgorithms: ['ML_KEM'] });
    const first = await encapsulate(key.KeyId);
    const second = await encapsulate(key.KeyId);
    expect(first).toMatchObject({ KeyId: key.Arn, EncapsulationAlgorithm });
    expect(first.SharedSecret).toHaveLength(32);
    expect(first.SharedSecretCiphertextBlob).toHaveLength(length);
    expect(second.SharedSecret).not.toEqual(first.SharedSecret);
    const shared = await decapsulate(key.KeyId, first.SharedSecretCiphertextBlob!);
    expect(shared).toMatchObject({ KeyId: key.Arn, SharedSecret: first.SharedSecret });
    for (const bad of [length - 1, length + 1]) {
      await expect(decapsulate(key.KeyId, Buffer.alloc(bad))).rejects.toMatchObject({
        name: 'InvalidCiphertextException',
      });
    }
  });

  it('answers dry runs, aliases, GetPublicKey and other usages', async () => {
    const options = { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' } as const;
    const { KeyId } = await createKey(world, options);
    await world.client.send(new CreateAliasCommand({ AliasName: 'alias/kem', TargetKeyId: KeyId }));
    const { SharedSecretCiphertextBlob: blob } = await encapsulate('alias/kem');
    for (const call of [
      encapsulate(KeyId, { DryRun: true }),
      decapsulate(KeyId, blob!, { DryRun: true }),
    ]) {
      await expect(call).rejects.toMatchObject({ name: 'DryRunOperationException' });
    }
    const { PublicKey: der, EncapsulationAlgorithms: algorithms } = await world.client.send(
      new GetPublicKeyCommand({ KeyId }),
    );
    expect(algorithms).toEqual(['ML_KEM']);
    const publicKey = createPublicKey({ key: Buffer.from(der!), format: 'der', type: 'spki' });
    expect(publicKey.asymmetricKeyType).toBe('ml-kem-768');
    await expect(createKey(world, { ...options, KeyUsage: 'SIGN_VERIFY' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('keeps the key in a snapshot', async () => {
    const options = { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' } as const;
    const { KeyId } = await createKey(world, options);
    const { SharedSecretCiphertextBlob: blob, SharedSecret: secret } = await encapsulate(KeyId);
    const other = await startWorld({ state: world.kms.snapshot() });
    const answer = await other.client.send(
      new DecapsulateCommand({ KeyId, SharedSecretCiphertextBlob: blob, EncapsulationAlgorithm }),
    );
    expect(answer.SharedSecret).toEqual(secret);
    await other.close();
  });

  it('makes ML-KEM data key pairs', async () => {
    const { KeyId } = await createKey(world, {});
    const { PublicKey: der } = await world.client.send(
      new GenerateDataKeyPairCommand({ KeyId, KeyPairSpec: 'ML_KEM_768' }),
    );
    const publicKey = createPublicKey({ key: Buffer.from(der!), format: 'der', type: 'spki' });
    expect(publicKey.asymmetricKeyType).toBe('ml-kem-768');
  });
});

const describeDsa = describeIf(hasPrimitive('ML-DSA'));

describeDsa('when the key is an ML-DSA key', () => {
  it.each<KeySpec>(['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'])('signs with %s', async (KeySpec) => {
    const { KeyId } = await createKey(world, { KeySpec, KeyUsage: 'SIGN_VERIFY' });
    const request = { KeyId, Message: message, SigningAlgorithm } as const;
    const { Signature } = await world.client.send(new SignCommand(request));
    await world.client.send(new VerifyCommand({ ...request, Signature }));
    const { PublicKey: der } = await world.client.send(new GetPublicKeyCommand({ KeyId }));
    const publicKey = createPublicKey({ key: Buffer.from(der!), format: 'der', type: 'spki' });
    expect(verify(null, message, publicKey, Signature!)).toBe(true);
    const other = { ...request, Message: Buffer.from('other') };
    await expect(
      world.client.send(new VerifyCommand({ ...other, Signature })),
    ).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  });

  it('signs no digests, and says that it takes no mu', async () => {
    const { KeyId } = await createKey(world, { KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' });
    const signAs = (MessageType: 'DIGEST' | 'EXTERNAL_MU') => {
      const request = { KeyId, Message: Buffer.alloc(64), SigningAlgorithm, MessageType } as const;
      return world.client.send(new SignCommand(request));
    };
    await expect(signAs('DIGEST')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(signAs('EXTERNAL_MU')).rejects.toMatchObject(UNSUPPORTED);
  });
});
