import { createHmac } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateGrantCommand,
  DeleteAliasCommand,
  DeriveSharedSecretCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdateKeyDescriptionCommand,
  VerifyCommand,
  VerifyMacCommand,
  EncryptCommand,
  ReEncryptCommand,
  type CreateKeyCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { sign as signLocally } from 'node:crypto';
import { importWith, pairOf, pkcs8, spki } from './support/specs';
import { createKey, describeKey, worldForAll } from './support/world';

const world = worldForAll();

const ECC = 'ECC_NIST_P256';
const MAC_KEY = Buffer.alloc(32, 5);
const Message = Buffer.from('x');
const pair = pairOf(ECC);

/** EXTERNAL keys with their material, by what they are for. */
const KEYS: Record<string, { input: CreateKeyCommandInput; material: Buffer; oaep?: true }> = {
  symmetric: { input: {}, material: Buffer.alloc(32, 9), oaep: true },
  mac: {
    input: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    material: MAC_KEY,
    oaep: true,
  },
  signing: { input: { KeySpec: ECC, KeyUsage: 'SIGN_VERIFY' }, material: pkcs8(pair.privateKey) },
  agreement: {
    input: { KeySpec: ECC, KeyUsage: 'KEY_AGREEMENT' },
    material: pkcs8(pair.privateKey),
  },
};

type Send = (client: KMSClient, KeyId: string) => Promise<unknown>;

let aliases = 0;
const nextAlias = () => `alias/state-${++aliases}`;
const GRANT = {
  GranteePrincipal: 'arn:aws:iam::111122223333:role/r',
  Operations: ['DescribeKey' as const],
};
const PAIR = { KeyPairSpec: ECC } as const;

async function reEncryptTo(client: KMSClient, KeyId: string) {
  const source = await createKey(world, {});
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: source.KeyId, Plaintext: Message }),
  );
  return client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId }));
}

const SIGNING = { Message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const MAC = { Message, MacAlgorithm: 'HMAC_SHA_256' } as const;

const OPERATIONS: Record<string, [key: keyof typeof KEYS, send: Send]> = {
  UpdateKeyDescription: [
    'symmetric',
    (client, KeyId) => client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'd' })),
  ],
  CreateAlias: [
    'symmetric',
    (client, TargetKeyId) =>
      client.send(new CreateAliasCommand({ TargetKeyId, AliasName: nextAlias() })),
  ],
  ListAliases: ['symmetric', (client, KeyId) => client.send(new ListAliasesCommand({ KeyId }))],
  CreateGrant: [
    'symmetric',
    (client, KeyId) => client.send(new CreateGrantCommand({ KeyId, ...GRANT })),
  ],
  ListGrants: ['symmetric', (client, KeyId) => client.send(new ListGrantsCommand({ KeyId }))],
  EnableKeyRotation: [
    'symmetric',
    (client, KeyId) => client.send(new EnableKeyRotationCommand({ KeyId })),
  ],
  DisableKeyRotation: [
    'symmetric',
    (client, KeyId) => client.send(new DisableKeyRotationCommand({ KeyId })),
  ],
  GenerateDataKeyWithoutPlaintext: [
    'symmetric',
    (client, KeyId) =>
      client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' })),
  ],
  GenerateDataKeyPair: [
    'symmetric',
    (client, KeyId) => client.send(new GenerateDataKeyPairCommand({ KeyId, ...PAIR })),
  ],
  GenerateDataKeyPairWithoutPlaintext: [
    'symmetric',
    (client, KeyId) =>
      client.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, ...PAIR })),
  ],
  ReEncrypt: ['symmetric', reEncryptTo],
  GetPublicKey: ['signing', (client, KeyId) => client.send(new GetPublicKeyCommand({ KeyId }))],
  Sign: ['signing', (client, KeyId) => client.send(new SignCommand({ KeyId, ...SIGNING }))],
  Verify: [
    'signing',
    (client, KeyId) =>
      client.send(
        new VerifyCommand({
          KeyId,
          ...SIGNING,
          Signature: signLocally('sha256', Message, pair.privateKey),
        }),
      ),
  ],
  GenerateMac: ['mac', (client, KeyId) => client.send(new GenerateMacCommand({ KeyId, ...MAC }))],
  VerifyMac: [
    'mac',
    (client, KeyId) =>
      client.send(
        new VerifyMacCommand({
          KeyId,
          ...MAC,
          Mac: createHmac('sha256', MAC_KEY).update(Message).digest(),
        }),
      ),
  ],
  DeriveSharedSecret: [
    'agreement',
    (client, KeyId) =>
      client.send(
        new DeriveSharedSecretCommand({
          KeyId,
          KeyAgreementAlgorithm: 'ECDH',
          PublicKey: spki(pair.publicKey),
        }),
      ),
  ],
};

const ALWAYS = ['ListAliases', 'ListGrants'];
const MANAGEMENT = ['UpdateKeyDescription', 'CreateAlias'];
const ROTATION = ['EnableKeyRotation', 'DisableKeyRotation'];

/** By hand from AWS's table (Developer Guide, key-state), for EXTERNAL keys; undefined is success. */
function expected(name: string, state: string): string | undefined {
  if (ALWAYS.includes(name)) return undefined;
  const deletion = state === 'PendingDeletion' ? 'KMSInvalidStateException' : undefined;
  if (MANAGEMENT.includes(name)) return deletion;
  if (ROTATION.includes(name) && (state === 'Enabled' || state === 'PendingImport')) {
    return 'UnsupportedOperationException';
  }
  // Before the first import there is no public key: inferred, the table would let it through.
  if (name === 'GetPublicKey' && state === 'Disabled') return deletion;
  if (state === 'Enabled') return undefined;
  return state === 'Disabled' ? 'DisabledException' : 'KMSInvalidStateException';
}

async function keyIn(state: string, kind: keyof typeof KEYS): Promise<string> {
  const { input, material, oaep } = KEYS[kind]!;
  const { KeyId } = await createKey(world, { Origin: 'EXTERNAL', ...input });
  if (state === 'PendingImport') return KeyId;
  await importWith(world, KeyId, material, oaep && { algorithm: 'RSAES_OAEP_SHA_256' });
  if (state === 'Disabled') await world.client.send(new DisableKeyCommand({ KeyId }));
  if (state === 'PendingDeletion') {
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  }
  return KeyId;
}

describe.each(['Enabled', 'Disabled', 'PendingDeletion', 'PendingImport'])(
  'when a key is %s',
  (state) => {
    it.each(Object.entries(OPERATIONS))(
      '%s answers as the key-state table says',
      async (name, [kind, send]) => {
        const keyId = await keyIn(state, kind);
        expect(await describeKey(world, keyId)).toMatchObject({ KeyState: state });
        const error = expected(name, state);
        if (error === undefined) await send(world.client, keyId);
        else await expect(send(world.client, keyId)).rejects.toMatchObject({ name: error });
      },
    );
  },
);

describe('when the key of an alias is pending deletion', () => {
  it('lets the alias be deleted', async () => {
    const KeyId = await keyIn('Enabled', 'symmetric');
    const AliasName = nextAlias();
    await world.client.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    await world.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await world.client.send(new DeleteAliasCommand({ AliasName }));
  });
});
