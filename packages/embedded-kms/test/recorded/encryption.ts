import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  ReEncryptCommand,
  type EncryptionAlgorithmSpec,
  type KeySpec,
} from '@aws-sdk/client-kms';
import { importedPair } from '../support/specs';
import { createKey, type World } from '../support/world';
import { answered, type Attempt, type Replays } from './replay';

const Plaintext = Buffer.from('x');
const EncryptionContext = { a: 'b' };

const random =
  (NumberOfBytes: number | undefined) =>
  ({ client }: World): Attempt => ({
    call: () => client.send(new GenerateRandomCommand({ NumberOfBytes })),
  });

const garbled = ({ client }: World): Attempt => ({
  call: () => client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('invalid') })),
});

/** One byte more than the algorithm takes under the key. */
const tooLong =
  (spec: KeySpec, EncryptionAlgorithm: EncryptionAlgorithmSpec, max: number) =>
  async (world: World) => {
    const { KeyId } = await importedPair(world, spec, 'ENCRYPT_DECRYPT');
    const request = { KeyId, EncryptionAlgorithm };
    const encrypt = (length: number) =>
      world.client.send(new EncryptCommand({ ...request, Plaintext: Buffer.alloc(length) }));
    await encrypt(max);
    return { call: () => encrypt(max + 1) };
  };

/** A ciphertext that was made with a context is opened without one. */
const withoutContext =
  (make: (world: World, KeyId: string) => Promise<Uint8Array | undefined>) =>
  async (world: World) => {
    const { KeyId } = await createKey(world, {});
    const CiphertextBlob = await make(world, KeyId);
    return { call: () => world.client.send(new DecryptCommand({ CiphertextBlob })) };
  };

const PAIR = { KeyPairSpec: 'ECC_NIST_P256', EncryptionContext } as const;

/** Encryption, decryption, data keys and random bytes. */
export const ENCRYPTION_REPLAYS: Replays = {
  'test_generate_random_invalid_number_of_bytes[None]/generate-random-exc': answered(
    'ValidationException',
    'NumberOfBytes is required.',
    random(undefined),
  ),
  'test_generate_random_invalid_number_of_bytes[0]/generate-random-exc': answered(
    'ValidationException',
    "1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1",
    random(0),
  ),
  'test_generate_random_invalid_number_of_bytes[1025]/generate-random-exc': answered(
    'ValidationException',
    "1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
    random(1025),
  ),
  ...Object.fromEntries(
    (
      [
        ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
        ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
        ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
        ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
        ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
        ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
      ] as const
    ).map(([spec, algorithm, max]) => [
      // The step has this name in the recorded test.
      `test_encrypt_validate_plaintext_size_per_key_type[${spec}-${algorithm}]/generate-random-exc`,
      answered(
        'ValidationException',
        `Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${max} bytes.`,
        tooLong(spec, algorithm, max),
      ),
    ]),
  ),
  'test_plaintext_size_for_encrypt/invalid-plaintext-size-encrypt': answered(
    'ValidationException',
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    async ({ client, ...rest }) => {
      const { KeyId } = await createKey({ client, ...rest }, {});
      const request = { KeyId, Plaintext: Buffer.alloc(4097) };
      return { call: () => client.send(new EncryptCommand(request)) };
    },
  ),
  'test_encrypt_decrypt_encryption_context/decrypt_response_with_invalid_ciphertext': answered(
    'InvalidCiphertextException',
    '',
    garbled,
  ),
  'test_key_rotations_encryption_decryption/bad-ciphertext': answered(
    'InvalidCiphertextException',
    '',
    garbled,
  ),
  'test_encrypt_decrypt_encryption_context/decrypt_response_without_encryption_context': answered(
    'InvalidCiphertextException',
    '',
    withoutContext(async ({ client }, KeyId) => {
      const request = { KeyId, Plaintext, EncryptionContext };
      return (await client.send(new EncryptCommand(request))).CiphertextBlob;
    }),
  ),
  'test_encryption_context_generate_data_key/decrypt-without-encryption-context': answered(
    'InvalidCiphertextException',
    '',
    withoutContext(async ({ client }, KeyId) => {
      const request = { KeyId, KeySpec: 'AES_256', EncryptionContext } as const;
      return (await client.send(new GenerateDataKeyCommand(request))).CiphertextBlob;
    }),
  ),
  'test_encryption_context_generate_data_key_without_plaintext/decrypt-without-encryption-context':
    answered(
      'InvalidCiphertextException',
      '',
      withoutContext(async ({ client }, KeyId) => {
        const request = { KeyId, KeySpec: 'AES_256', EncryptionContext } as const;
        return (await client.send(new GenerateDataKeyWithoutPlaintextCommand(request)))
          .CiphertextBlob;
      }),
    ),
  'test_encryption_context_generate_data_key_pair/decrypt-without-encryption-context': answered(
    'InvalidCiphertextException',
    '',
    withoutContext(async ({ client }, KeyId) => {
      const answer = await client.send(new GenerateDataKeyPairCommand({ KeyId, ...PAIR }));
      return answer.PrivateKeyCiphertextBlob;
    }),
  ),
  'test_encryption_context_generate_data_key_pair_without_plaintext/decrypt-without-encryption-context':
    answered(
      'InvalidCiphertextException',
      '',
      withoutContext(async ({ client }, KeyId) => {
        const command = new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, ...PAIR });
        return (await client.send(command)).PrivateKeyCiphertextBlob;
      }),
    ),
  'test_generate_data_key_pair_dry_run/dryrun_exception': answered(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
    async (world) => {
      const { KeyId } = await createKey(world, {});
      const request = { KeyId, ...PAIR, DryRun: true };
      return { call: () => world.client.send(new GenerateDataKeyPairCommand(request)) };
    },
  ),
  'test_generate_data_key_pair_without_plaintext_dry_run/dryrun_exception': answered(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
    async (world) => {
      const { KeyId } = await createKey(world, {});
      const command = new GenerateDataKeyPairWithoutPlaintextCommand({
        KeyId,
        ...PAIR,
        DryRun: true,
      });
      return { call: () => world.client.send(command) };
    },
  ),
  'test_re_encrypt_incorrect_source_key/incorrect-source-key': answered(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
    async (world) => {
      const { KeyId } = await createKey(world, {});
      const other = (await createKey(world, {})).KeyId;
      const { CiphertextBlob } = await world.client.send(new EncryptCommand({ KeyId, Plaintext }));
      const command = new ReEncryptCommand({
        CiphertextBlob,
        SourceKeyId: other,
        DestinationKeyId: KeyId,
      });
      return { call: () => world.client.send(command) };
    },
  ),
};
