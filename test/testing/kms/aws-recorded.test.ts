import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  ImportKeyMaterialCommand,
  RotateKeyOnDemandCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import {
  clientFor,
  createKey,
  importedKey,
  importMaterial,
  parametersForImport,
  startWorld,
  wrap,
  type World,
} from './world';

interface Recording {
  test: string;
  step: string;
  code: string;
  message: string;
  status: number;
  date: string;
}

const PATH = join(__dirname, '../../../../shared/oracles/aws-recorded/errors.json');
const present = existsSync(PATH);
// A copy of the project without the shared folder has no recordings: the titles of the skipped
// tests say so.
const recordings = present ? (JSON.parse(readFileSync(PATH, 'utf8')) as Recording[]) : [];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const text = Buffer.from('x');
const describeKey = (KeyId: string, client = world.client) =>
  client.send(new DescribeKeyCommand({ KeyId }));
const encrypt = (KeyId: string) =>
  world.client.send(new EncryptCommand({ KeyId, Plaintext: text }));
const rotate = (KeyId: string) => world.client.send(new RotateKeyOnDemandCommand({ KeyId }));
const createWith = (input: object) => world.client.send(new CreateKeyCommand(input));
const unknownId = '134f2428-cec1-4b25-a1ae-9048164dba47';
const west = () => clientFor(world.kms, { region: 'us-west-2' });

async function withoutContext(
  make: (KeyId: string) => Promise<{ CiphertextBlob?: Uint8Array | undefined }>,
) {
  const { KeyId } = await createKey(world, {});
  const { CiphertextBlob } = await make(KeyId);
  return world.client.send(new DecryptCommand({ CiphertextBlob }));
}

/** The recorded calls that can be made today, by test and step; each must end in an error. */
const REPLAYS: Record<string, () => Promise<unknown>> = {
  'test_get_key_in_different_region/describe-key-diff-region-with-id': async () =>
    describeKey((await createKey(world)).KeyId, west()),
  'test_get_key_in_different_region/describe-key-diff-region-with-arn': async () =>
    describeKey((await createKey(world)).Arn, west()),
  'test_get_key_does_not_exist/describe-nonexistent-key-with-id': () => describeKey(unknownId),
  'test_get_key_does_not_exist/describe-nonexistent-with-arn': () =>
    describeKey(`arn:aws:kms:eu-central-1:111122223333:key/${unknownId}`),
  'test_get_key_does_not_exist/describe-key-with-valid-id-mrk': () =>
    describeKey('mrk-d3b95762d3b95762d3b95762d3b95762'),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid': () => describeKey('fake-key-id'),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid-2': () =>
    describeKey('134f2428cec14b25a1ae9048164dba47'),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid-mrk': () =>
    describeKey('mrk-fake-key-id'),
  'test_hmac_create_key_invalid_operations/create-hmac-key-invalid-spec': () =>
    createWith({ KeySpec: 'HMAC_random', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  'test_hmac_create_key_invalid_operations/create-hmac-key-invalid-key-usage': () =>
    createWith({ KeySpec: 'HMAC_256', KeyUsage: 'RANDOM' }),
  'test_import_key_symmetric/encrypt-before-import-error': async () =>
    encrypt((await createKey(world)).KeyId),
  'test_import_key_symmetric/import-expiring-key-without-valid-to': async () => {
    const { KeyId } = await createKey(world);
    const { ImportToken, PublicKey } = await parametersForImport(world, KeyId);
    const EncryptedKeyMaterial = wrap(PublicKey!, randomBytes(32));
    return world.client.send(
      new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial }),
    );
  },
  'test_import_key_symmetric/encrypt-after-delete-error': async () => {
    const { keyId } = await importedKey(world);
    await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    return encrypt(keyId);
  },
  'test_plaintext_size_for_encrypt/invalid-plaintext-size-encrypt': async () => {
    const { KeyId } = await createKey(world, {});
    return world.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) }));
  },
  'test_encrypt_decrypt_encryption_context/decrypt_response_without_encryption_context': () =>
    withoutContext((KeyId) =>
      world.client.send(
        new EncryptCommand({ KeyId, Plaintext: text, EncryptionContext: { a: 'b' } }),
      ),
    ),
  'test_encrypt_decrypt_encryption_context/decrypt_response_with_invalid_ciphertext': () =>
    world.client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('invalid') })),
  'test_encryption_context_generate_data_key/decrypt-without-encryption-context': () =>
    withoutContext((KeyId) =>
      world.client.send(
        new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: { a: 'b' } }),
      ),
    ),
  'test_get_parameters_for_import/response-error': async () =>
    parametersForImport(world, (await createKey(world, {})).KeyId),
  'test_get_parameters_for_import_raises_for_non_external_kms_keys/get-import-parameters-error':
    async () => parametersForImport(world, (await createKey(world, {})).KeyId),
  'test_tag_key_with_duplicate_tag_keys_raises_error/duplicate-tag-keys': async () => {
    const Tags = [
      { TagKey: 'a', TagValue: '1' },
      { TagKey: 'a', TagValue: '2' },
    ];
    const { KeyId } = await createKey(world);
    return world.client.send(new TagResourceCommand({ KeyId, Tags }));
  },
  'test_create_key_with_too_many_tags_raises_error/invalid-tag-key': () =>
    createWith({ Tags: Array.from({ length: 51 }, (_, n) => ({ TagKey: `k${n}`, TagValue: '' })) }),
  'test_tag_existing_key_with_invalid_tag_key/invalid-tag-key': async () => {
    const { KeyId } = await createKey(world);
    const Tags = [{ TagKey: 'aws:key', TagValue: '' }];
    return world.client.send(new TagResourceCommand({ KeyId, Tags }));
  },
  'test_key_with_long_tag_value_raises_error/too-long-tag-value': () =>
    createWith({ Tags: [{ TagKey: 'k', TagValue: 'v'.repeat(257) }] }),
  'test_create_key_with_invalid_tag_key[lowercase_prefix]/invalid-tag-key': () =>
    createWith({ Tags: [{ TagKey: 'aws:k', TagValue: '' }] }),
  'test_create_key_with_invalid_tag_key[uppercase_prefix]/invalid-tag-key': () =>
    createWith({ Tags: [{ TagKey: 'AWS:k', TagValue: '' }] }),
  'test_create_key_with_invalid_tag_key[too_long_key]/invalid-tag-key': () =>
    createWith({ Tags: [{ TagKey: 'a'.repeat(129), TagValue: '' }] }),
  'test_rotate_key_on_demand_raises_error_given_key_is_disabled/error-response': async () => {
    const { KeyId } = await createKey(world, {});
    await world.client.send(new DisableKeyCommand({ KeyId }));
    return rotate(KeyId);
  },
  'test_rotate_key_on_demand_raises_error_given_key_that_does_not_exist/error-response': () =>
    rotate(unknownId),
  'test_rotate_key_on_demand_on_external_key_with_no_key_material[SYMMETRIC_DEFAULT]/rotate-key-on-demand-error-response-SYMMETRIC_DEFAULT':
    async () => rotate((await createKey(world)).KeyId),
  'test_rotate_key_on_demand_raises_for_no_pending_key_material/rotate-key-on-demand-invalid-state-error':
    async () => rotate((await importedKey(world)).keyId),
  'test_import_key_material_raises_if_there_is_already_key_material_pending/existing-pending-material-error':
    async () => {
      const { keyId } = await importedKey(world);
      const extras = { ImportType: 'NEW_KEY_MATERIAL' } as const;
      await importMaterial(world, keyId, randomBytes(32), extras);
      return importMaterial(world, keyId, randomBytes(32), extras);
    },
  'test_key_rotations_encryption_decryption/bad-ciphertext': () =>
    world.client.send(new DecryptCommand({ CiphertextBlob: Buffer.from('bad') })),
  'test_key_rotations_limits/error-response': async () => {
    const { KeyId } = await createKey(world, {});
    for (let rotation = 0; rotation < 25; rotation++) {
      await rotate(KeyId);
      world.clock.advance(60_000);
    }
    return rotate(KeyId);
  },
  'test_re_encrypt_incorrect_source_key/incorrect-source-key': async () => {
    // ReEncrypt is not served; Decrypt with another key meets the same rule and text.
    const { KeyId } = await createKey(world, {});
    const { CiphertextBlob } = await encrypt(KeyId);
    const other = (await createKey(world, {})).KeyId;
    return world.client.send(new DecryptCommand({ CiphertextBlob, KeyId: other }));
  },
};

/** What differs from run to run, replaced in the same way on both sides. */
function withoutRun(message: string): string {
  return (
    message
      .replaceAll(/arn:[^:]*:kms:[^:]*:\d{12}:key\/(?:<key-id:\d>|[a-z0-9-]{36})/g, '<arn>')
      .replaceAll(/<(?:mrk-)?key-arn>/g, '<arn>')
      .replaceAll(/<key-material-id(?::\d)?>|\b[0-9a-f]{64}\b/g, '<material>')
      .replaceAll(/<secondary-region>|eu-central-1$/g, '<region>')
      // This recording does not tell an ARN from a bare id; kms.md section 7 reads it as the ARN.
      .replaceAll('KMS key <key-id:1>,', 'KMS key <arn>,')
  );
}

describe('when AWS recorded an error for a call that is served', () => {
  const check = present ? it : it.skip;
  check.each(Object.entries(REPLAYS))('answers %s in the same words', async (name, replay) => {
    const recording = recordings.find(({ test, step }) => test + step === name);
    expect(recording).toBeDefined();
    const { code, message, status } = recording!;
    const error = await replay().then(
      () => undefined,
      (reason: unknown) => reason as Error & { $metadata: { httpStatusCode: number } },
    );
    expect(error).toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
    // The SDK says UnknownError where AWS sent no message.
    expect(withoutRun(error!.message)).toBe(withoutRun(message) || 'UnknownError');
  });
});
