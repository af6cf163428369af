import { createHash, randomBytes } from 'node:crypto';
import {
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateMacCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
  type CreateKeyCommandInput,
  type KeySpec,
  type MacAlgorithmSpec,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import { importedHmac, importedPair, pairOf, spki } from '../support/specs';
import { createKey, type World } from '../support/world';
import { answered, type Attempt, type Replays } from './replay';

const Message = Buffer.from('some important message');
const UNKNOWN_MAC_ALGORITHM =
  "1 validation error detected: Value 'INVALID' at 'macAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [HMAC_SHA_384, HMAC_SHA_256, HMAC_SHA_224, HMAC_SHA_512]";

const signing = (spec: KeySpec, algorithm: SigningAlgorithmSpec): Replays => ({
  [`test_sign_verify[${spec}-${algorithm}]/bad-digest`]: answered(
    'ValidationException',
    `Digest is invalid length for algorithm ${algorithm}.`,
    async (world) => {
      const { KeyId } = await importedPair(world, spec);
      const digest = createHash(`sha${algorithm.slice(-3)}`)
        .update(Message)
        .digest();
      const command = new SignCommand({
        KeyId,
        MessageType: 'DIGEST',
        Message: Buffer.concat([digest, Buffer.from('bad')]),
        SigningAlgorithm: algorithm,
      });
      return { call: () => world.client.send(command) };
    },
  ),
  [`test_sign_verify[${spec}-${algorithm}]/bad-signature`]: answered(
    'KMSInvalidSignatureException',
    '',
    async (world) => {
      const { KeyId } = await importedPair(world, spec);
      const request = { KeyId, Message, SigningAlgorithm: algorithm };
      const { Signature } = await world.client.send(new SignCommand(request));
      const bad = Buffer.concat([Signature!, Buffer.from('bad')]);
      return { call: () => world.client.send(new VerifyCommand({ ...request, Signature: bad })) };
    },
  ),
});

const macOfNobody = (bits: number): Replays => {
  const MacAlgorithm = `HMAC_SHA_${bits}` as MacAlgorithmSpec;
  const test = `test_generate_and_verify_mac[HMAC_${bits}-${MacAlgorithm}]`;
  const request = { KeyId: 'key_id', Message, MacAlgorithm };
  return {
    [`${test}/generate-mac-invalid-key-id`]: answered(
      'NotFoundException',
      "Invalid keyId 'key_id'",
      ({ client }) => ({ call: () => client.send(new GenerateMacCommand(request)) }),
    ),
    [`${test}/verify-mac-invalid-key-id`]: answered(
      'NotFoundException',
      "Invalid keyId 'key_id'",
      ({ client }) => ({
        call: () => client.send(new VerifyMacCommand({ ...request, Mac: Buffer.from('x') })),
      }),
    ),
  };
};

const generation = (spec: KeySpec, algorithm: string) => async (world: World) => {
  const { KeyId } = await importedHmac(world, spec, randomBytes(32));
  const request = { KeyId, Message, MacAlgorithm: algorithm as MacAlgorithmSpec };
  return { call: () => world.client.send(new GenerateMacCommand(request)) };
};

/** A MAC of another message is verified. */
const verification = (algorithm: string) => async (world: World) => {
  const { KeyId } = await importedHmac(world, 'HMAC_256', randomBytes(32));
  const made = await world.client.send(
    new GenerateMacCommand({ KeyId, Message: Buffer.from('x'), MacAlgorithm: 'HMAC_SHA_256' }),
  );
  const request = { KeyId, Message, Mac: made.Mac, MacAlgorithm: algorithm as MacAlgorithmSpec };
  return { call: () => world.client.send(new VerifyMacCommand(request)) };
};

/** Something is done with a key that is for something else. */
const misuse =
  (input: CreateKeyCommandInput, send: (world: World, KeyId: string) => Promise<unknown>) =>
  async (world: World): Promise<Attempt> => {
    const { KeyId, Arn } = await createKey(world, input);
    return { call: () => send(world, KeyId), arn: Arn };
  };

const HMAC: CreateKeyCommandInput = { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' };
const ECC: CreateKeyCommandInput = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const PSS = { Message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' } as const;

const derive = ({ client }: World, KeyId: string, algorithm = 'ECDH', PublicKey?: Buffer) =>
  client.send(
    new DeriveSharedSecretCommand({
      KeyId,
      KeyAgreementAlgorithm: algorithm as 'ECDH',
      PublicKey: PublicKey ?? spki(pairOf('ECC_NIST_P256').publicKey),
    }),
  );

const AGREEMENT: CreateKeyCommandInput = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' };

/** Signatures, MACs, agreements, and keys that are used for what they are not made for. */
export const SIGNATURE_REPLAYS: Replays = {
  ...signing('RSA_2048', 'RSASSA_PSS_SHA_256'),
  ...signing('RSA_2048', 'RSASSA_PSS_SHA_384'),
  ...signing('RSA_2048', 'RSASSA_PSS_SHA_512'),
  ...signing('RSA_4096', 'RSASSA_PKCS1_V1_5_SHA_256'),
  ...signing('RSA_4096', 'RSASSA_PKCS1_V1_5_SHA_512'),
  ...signing('ECC_NIST_P256', 'ECDSA_SHA_256'),
  ...signing('ECC_SECG_P256K1', 'ECDSA_SHA_256'),
  ...signing('ECC_NIST_P384', 'ECDSA_SHA_384'),
  ...macOfNobody(224),
  ...macOfNobody(256),
  ...macOfNobody(384),
  ...macOfNobody(512),
  'test_invalid_generate_mac[HMAC_224-HMAC_SHA_256]/generate-mac': answered(
    'InvalidKeyUsageException',
    'Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.',
    generation('HMAC_224', 'HMAC_SHA_256'),
  ),
  'test_invalid_generate_mac[HMAC_256-INVALID]/generate-mac': answered(
    'ValidationException',
    UNKNOWN_MAC_ALGORITHM,
    generation('HMAC_256', 'INVALID'),
  ),
  'test_invalid_verify_mac[HMAC_256-HMAC_SHA_256-some different important message]/verify-mac':
    answered('KMSInvalidMacException', '', verification('HMAC_SHA_256')),
  'test_invalid_verify_mac[HMAC_256-HMAC_SHA_512-some important message]/verify-mac': answered(
    'InvalidKeyUsageException',
    'Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.',
    verification('HMAC_SHA_512'),
  ),
  'test_invalid_verify_mac[HMAC_256-INVALID-some important message]/verify-mac': answered(
    'ValidationException',
    UNKNOWN_MAC_ALGORITHM,
    verification('INVALID'),
  ),
  'test_error_messaging_for_invalid_keys/generate-mac-invalid-key-id': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.',
    misuse({}, ({ client }, KeyId) =>
      client.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_224' })),
    ),
  ),
  'test_error_messaging_for_invalid_keys/sign-invalid-key-id': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is GENERATE_VERIFY_MAC which is not valid for Sign.',
    misuse(HMAC, ({ client }, KeyId) => client.send(new SignCommand({ KeyId, ...PSS }))),
  ),
  'test_error_messaging_for_invalid_keys/verify-invalid-key-id': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is ENCRYPT_DECRYPT which is not valid for Verify.',
    misuse({}, ({ client }, KeyId) =>
      client.send(new VerifyCommand({ KeyId, ...PSS, Signature: Buffer.from('random') })),
    ),
  ),
  'test_error_messaging_for_invalid_keys/encrypt-invalid-key-id': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is SIGN_VERIFY which is not valid for Encrypt.',
    misuse(ECC, ({ client }, KeyId) =>
      client.send(new EncryptCommand({ KeyId, Plaintext: Message })),
    ),
  ),
  'test_error_messaging_for_invalid_keys/decrypt-invalid-key-id': answered(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
    async (world) => {
      const { KeyId } = await createKey(world, {});
      const other = (await createKey(world, HMAC)).KeyId;
      const { CiphertextBlob } = await world.client.send(
        new EncryptCommand({ KeyId, Plaintext: Message }),
      );
      const request = { CiphertextBlob, KeyId: other };
      return { call: () => world.client.send(new DecryptCommand(request)) };
    },
  ),
  'test_derive_shared_secret/response-invalid-key-usage': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.',
    misuse(ECC, (world, KeyId) => derive(world, KeyId)),
  ),
  'test_derive_shared_secret/response-invalid-key': answered(
    'InvalidKeyUsageException',
    '<key-arn> key usage is ENCRYPT_DECRYPT which is not valid for DeriveSharedSecret.',
    misuse({}, (world, KeyId) => derive(world, KeyId)),
  ),
  'test_derive_shared_secret/response-invalid-key-agreement-algo': answered(
    'ValidationException',
    "1 validation error detected: Value 'INVALID' at 'keyAgreementAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [ECDH]",
    misuse(AGREEMENT, (world, KeyId) => derive(world, KeyId, 'INVALID')),
  ),
  'test_derive_shared_secret/response-invalid-public-key': answered(
    'ValidationException',
    '',
    misuse(AGREEMENT, (world, KeyId) =>
      derive(world, KeyId, 'ECDH', Buffer.from('InvalidPublicKey')),
    ),
  ),
};
