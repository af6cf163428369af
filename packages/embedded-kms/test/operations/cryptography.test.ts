import {
  CreateAliasCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  ReEncryptCommand,
  SignCommand,
  UpdateKeyDescriptionCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { importedPair, pairOf, spki } from '../support/specs';
import { createKey, describeKey, worldForAll } from '../support/world';

const world = worldForAll();

const Message = Buffer.from('message');
const Plaintext = Buffer.from('secret');

describe('when an algorithm does not belong to the key', () => {
  it('is refused with both names', async () => {
    const { KeyId } = await importedPair(world, 'ECC_NIST_P256');
    const request = { KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_384' } as const;
    for (const command of [
      new SignCommand(request),
      new VerifyCommand({ ...request, Signature: Buffer.from('x') }),
    ]) {
      await expect(world.client.send(command as SignCommand)).rejects.toMatchObject({
        name: 'InvalidKeyUsageException',
        message: 'Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256.',
      });
    }
  });

  it('a peer on another curve, or of another kind, is no peer', async () => {
    const { KeyId } = await importedPair(world, 'ECC_NIST_P256', 'KEY_AGREEMENT');
    for (const spec of ['ECC_NIST_P384', 'ECC_NIST_EDWARDS25519', 'RSA_2048'] as const) {
      await expect(
        world.client.send(
          new DeriveSharedSecretCommand({
            KeyId,
            KeyAgreementAlgorithm: 'ECDH',
            PublicKey: spki(pairOf(spec).publicKey),
          }),
        ),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });

  it('a key without a public half gives none', async () => {
    for (const input of [{}, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }] as const) {
      const { KeyId } = await createKey(world, input);
      await expect(world.client.send(new GetPublicKeyCommand({ KeyId }))).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
      });
    }
  });
});

describe('when a public key is fetched', () => {
  it('says what it is for', async () => {
    const { KeyId, Arn } = await importedPair(world, 'ECC_NIST_P384', 'KEY_AGREEMENT');
    await world.client.send(
      new CreateAliasCommand({ AliasName: 'alias/public', TargetKeyId: KeyId }),
    );
    const answer = await world.client.send(new GetPublicKeyCommand({ KeyId: 'alias/public' }));
    expect(answer).toMatchObject({
      KeyId: Arn,
      KeySpec: 'ECC_NIST_P384',
      CustomerMasterKeySpec: 'ECC_NIST_P384',
      KeyUsage: 'KEY_AGREEMENT',
      KeyAgreementAlgorithms: ['ECDH'],
    });
    expect(answer).not.toHaveProperty('SigningAlgorithms');
  });
});

describe('when random bytes are asked for', () => {
  it('gives as many as were asked for', async () => {
    const { Plaintext: bytes } = await world.client.send(
      new GenerateRandomCommand({ NumberOfBytes: 1024 }),
    );
    expect(bytes).toHaveLength(1024);
  });

  it('refuses a custom key store and an enclave', async () => {
    for (const [extras, name] of [
      [{ CustomKeyStoreId: 'cks-1' }, 'CustomKeyStoreNotFoundException'],
      [{ Recipient: {} }, 'UnsupportedOperationException'],
    ] as const) {
      await expect(
        world.client.send(new GenerateRandomCommand({ NumberOfBytes: 1, ...extras })),
      ).rejects.toMatchObject({ name });
    }
  });
});

describe('when DryRun is set', () => {
  it('says that it would have worked, for every operation that has it', async () => {
    const symmetric = (await createKey(world, {})).KeyId;
    const pair = (await importedPair(world, 'ECC_NIST_P256')).KeyId;
    const agreement = (await importedPair(world, 'ECC_NIST_P256', 'KEY_AGREEMENT')).KeyId;
    const mac = (await createKey(world, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }))
      .KeyId;
    const signing = { KeyId: pair, Message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await world.client.send(new SignCommand(signing));
    const macing = { KeyId: mac, Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await world.client.send(new GenerateMacCommand(macing));
    const { CiphertextBlob } = await world.client.send(
      new EncryptCommand({ KeyId: symmetric, Plaintext }),
    );
    const DryRun = true;
    for (const command of [
      new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: symmetric, DryRun }),
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: symmetric, KeySpec: 'AES_128', DryRun }),
      new SignCommand({ ...signing, DryRun }),
      new VerifyCommand({ ...signing, Signature, DryRun }),
      new GenerateMacCommand({ ...macing, DryRun }),
      new VerifyMacCommand({ ...macing, Mac, DryRun }),
      new DeriveSharedSecretCommand({
        KeyId: agreement,
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey: spki(pairOf('ECC_NIST_P256').publicKey),
        DryRun,
      }),
    ]) {
      await expect(world.client.send(command as SignCommand)).rejects.toMatchObject({
        name: 'DryRunOperationException',
        message: 'The request would have succeeded, but the DryRun option is set.',
      });
    }
  });

  it('says what would have failed', async () => {
    const { KeyId } = await importedPair(world, 'ECC_NIST_P256');
    await expect(
      world.client.send(
        new VerifyCommand({
          KeyId,
          Message,
          SigningAlgorithm: 'ECDSA_SHA_256',
          Signature: Buffer.from('x'),
          DryRun: true,
        }),
      ),
    ).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  });
});

describe('when a description is updated', () => {
  it('is the one that DescribeKey gives', async () => {
    const { KeyId } = await createKey(world, { Description: 'old' });
    for (const Description of ['new', '']) {
      await world.client.send(new UpdateKeyDescriptionCommand({ KeyId, Description }));
      expect(await describeKey(world, KeyId)).toMatchObject({ Description });
    }
  });
});

describe('when a call with secrets is logged', () => {
  it('shows no blob of any operation', async () => {
    world.kms.clearCalls();
    const { KeyId } = await createKey(world, {
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    });
    const macing = { KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await world.client.send(new GenerateMacCommand(macing));
    await world.client.send(new VerifyMacCommand({ ...macing, Mac }));
    const { calls } = world.kms;
    expect(calls).toHaveLength(3);
    const text = JSON.stringify(calls);
    for (const secret of [Message, Buffer.from(Mac!)]) {
      expect(text).not.toContain(secret.toString('base64'));
    }
  });
});
