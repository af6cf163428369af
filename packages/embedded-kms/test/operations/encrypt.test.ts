import { randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { ACCOUNT, clientFor, createKey, REGION, worldForAll } from '../support/world';

const world = worldForAll();

const encrypt = async (KeyId: string, context?: Record<string, string>) =>
  (
    await world.client.send(
      new EncryptCommand({
        KeyId,
        Plaintext: Buffer.from('secret'),
        ...(context && { EncryptionContext: context }),
      }),
    )
  ).CiphertextBlob!;

describe('when data is encrypted', () => {
  it('comes back by key id, by ARN and without naming the key', async () => {
    const { KeyId, Arn, CurrentKeyMaterialId } = await createKey(world, {});
    const answer = await world.client.send(
      new EncryptCommand({ KeyId: Arn, Plaintext: Buffer.from('secret') }),
    );
    expect(answer).toMatchObject({ KeyId: Arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(answer).not.toHaveProperty('KeyMaterialId');
    for (const key of [{}, { KeyId }, { KeyId: Arn }]) {
      const { CiphertextBlob } = answer;
      const opened = await world.client.send(new DecryptCommand({ CiphertextBlob, ...key }));
      expect(Buffer.from(opened.Plaintext!).toString()).toBe('secret');
      expect(opened).toMatchObject({ KeyId: Arn, KeyMaterialId: CurrentKeyMaterialId });
    }
  });

  it('takes 4096 bytes', async () => {
    const { KeyId } = await createKey(world, {});
    const Plaintext = randomBytes(4096);
    const { CiphertextBlob } = await world.client.send(new EncryptCommand({ KeyId, Plaintext }));
    const opened = await world.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
  });

  it('needs the same encryption context, in any order', async () => {
    const { KeyId } = await createKey(world, {});
    const CiphertextBlob = await encrypt(KeyId, { a: '1', b: '2' });
    const open = (context: Record<string, string>) =>
      world.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    await open({ b: '2', a: '1' });
    for (const context of [{}, { a: '1' }, { a: '2', b: '1' }, { a: '1', b: '2', c: '3' }]) {
      await expect(open(context)).rejects.toMatchObject({
        name: 'InvalidCiphertextException',
        message: 'UnknownError',
      });
    }
  });

  it('refuses every damaged, cut or foreign blob in the same way', async () => {
    const { KeyId } = await createKey(world, {});
    const blob = Buffer.from(await encrypt(KeyId));
    const bad = [
      Buffer.from('x'),
      Buffer.alloc(300),
      blob.subarray(0, 111),
      ...Array.from(blob, (byte, index) => blob.with(index, byte ^ 1)),
    ];
    for (const CiphertextBlob of bad) {
      for (const request of [{ CiphertextBlob }, { CiphertextBlob, KeyId }]) {
        await expect(world.client.send(new DecryptCommand(request))).rejects.toMatchObject({
          name: 'InvalidCiphertextException',
          message: 'UnknownError',
        });
      }
    }
  });

  it('takes no other bytes for a ciphertext, not even with its beginning', async () => {
    const { KeyId } = await createKey(world, {});
    const rest = Buffer.alloc(255, 'random');
    const foreign = [
      ...Array.from({ length: 256 }, (_, first) => Buffer.concat([Buffer.from([first]), rest])),
      // A ciphertext of AWS, as its examples begin.
      Buffer.concat([Buffer.from('0102020078', 'hex'), rest]),
      // The key without the check.
      Buffer.concat([Buffer.from([1, KeyId.length]), Buffer.from(KeyId), rest]),
      Buffer.concat([Buffer.alloc(16), Buffer.from(KeyId), rest]),
    ];
    for (const CiphertextBlob of foreign) {
      for (const command of [
        new DecryptCommand({ CiphertextBlob }),
        new DecryptCommand({ CiphertextBlob, KeyId }),
        new ReEncryptCommand({ CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: KeyId }),
      ]) {
        await expect(world.client.send(command as DecryptCommand)).rejects.toMatchObject({
          name: 'InvalidCiphertextException',
        });
      }
    }
  });

  it('refuses another key, another Region and another account', async () => {
    const { KeyId } = await createKey(world, {});
    const other = await createKey(world, {});
    const CiphertextBlob = await encrypt(KeyId);
    await expect(
      world.client.send(new DecryptCommand({ CiphertextBlob, KeyId: other.KeyId })),
    ).rejects.toMatchObject({ name: 'IncorrectKeyException' });
    const elsewhere = [
      { region: 'us-west-2', accessKeyId: ACCOUNT },
      { region: REGION, accessKeyId: '444455556666' },
    ];
    for (const caller of elsewhere) {
      await expect(
        clientFor(world.kms, caller).send(new DecryptCommand({ CiphertextBlob })),
      ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  it('refuses an algorithm that the key does not have', async () => {
    const { KeyId } = await createKey(world, {});
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    await expect(
      world.client.send(
        new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionAlgorithm }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
    const CiphertextBlob = await encrypt(KeyId);
    await expect(
      world.client.send(new DecryptCommand({ CiphertextBlob, EncryptionAlgorithm })),
    ).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });
});

describe('when a data key is generated', () => {
  it('has the length that was asked for, and its ciphertext opens to it', async () => {
    const { KeyId } = await createKey(world, {});
    const asked = [
      { KeySpec: 'AES_256', length: 32 },
      { KeySpec: 'AES_128', length: 16 },
      { NumberOfBytes: 100, length: 100 },
    ] as const;
    for (const { length, ...request } of asked) {
      const { CiphertextBlob, Plaintext } = await world.client.send(
        new GenerateDataKeyCommand({ KeyId, ...request, EncryptionContext: { for: 'test' } }),
      );
      expect(Plaintext).toHaveLength(length);
      const opened = await world.client.send(
        new DecryptCommand({ CiphertextBlob, EncryptionContext: { for: 'test' } }),
      );
      expect(opened.Plaintext).toEqual(Plaintext);
    }
  });

  it('refuses no length, two lengths, and an answer for an enclave', async () => {
    const { KeyId } = await createKey(world, {});
    const both = { KeySpec: 'AES_256', NumberOfBytes: 32 } as const;
    for (const request of [{}, both]) {
      await expect(
        world.client.send(new GenerateDataKeyCommand({ KeyId, ...request })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    }
    await expect(
      world.client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', Recipient: {} })),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('when DryRun is set', () => {
  it('does nothing and says that it would have worked', async () => {
    const { KeyId } = await createKey(world, {});
    const CiphertextBlob = await encrypt(KeyId);
    const commands = [
      new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), DryRun: true }),
      new DecryptCommand({ CiphertextBlob, DryRun: true }),
      new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true }),
    ];
    for (const command of commands) {
      await expect(world.client.send(command as EncryptCommand)).rejects.toMatchObject({
        name: 'DryRunOperationException',
      });
    }
  });
});
