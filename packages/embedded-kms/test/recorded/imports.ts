import { randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EncryptCommand,
  ImportKeyMaterialCommand,
} from '@aws-sdk/client-kms';
import {
  createKey,
  importedKey,
  importMaterial,
  parametersForImport,
  rotate,
  wrap,
  type World,
} from '../support/world';
import { answered, type Attempt, type Replays } from './replay';

const PENDING_IMPORT =
  'arn:<partition>:kms:<region>:111111111111:key/<key-id:1> is pending import.';

const encrypt = (world: World, KeyId: string) =>
  world.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));

async function parametersOfGeneratedKey(world: World): Promise<Attempt> {
  const { KeyId, Arn } = await createKey(world, {});
  return { call: () => parametersForImport(world, KeyId), arn: Arn };
}

async function rotationBeforeImport(world: World): Promise<Attempt> {
  const { KeyId, Arn } = await createKey(world);
  return { call: () => rotate(world, KeyId), arn: Arn };
}

/** Importing and deleting material, and rotating to it. */
export const IMPORT_REPLAYS: Replays = {
  'test_import_key_symmetric/encrypt-before-import-error': answered(
    'KMSInvalidStateException',
    PENDING_IMPORT,
    async (world) => {
      const { KeyId, Arn } = await createKey(world);
      return { call: () => encrypt(world, KeyId), arn: Arn };
    },
  ),
  'test_import_key_symmetric/import-expiring-key-without-valid-to': answered(
    'ValidationException',
    'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    async (world) => {
      const { KeyId } = await createKey(world);
      const { ImportToken, PublicKey } = await parametersForImport(world, KeyId);
      const EncryptedKeyMaterial = wrap(PublicKey!, randomBytes(32));
      const request = { KeyId, ImportToken, EncryptedKeyMaterial };
      return { call: () => world.client.send(new ImportKeyMaterialCommand(request)) };
    },
  ),
  'test_import_key_symmetric/encrypt-after-delete-error': answered(
    'KMSInvalidStateException',
    PENDING_IMPORT,
    async (world) => {
      const { keyId, arn } = await importedKey(world);
      await world.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      return { call: () => encrypt(world, keyId), arn };
    },
  ),
  'test_get_parameters_for_import/response-error': answered(
    'UnsupportedOperationException',
    '<key-arn> origin is AWS_KMS which is not valid for this operation.',
    parametersOfGeneratedKey,
  ),
  'test_get_parameters_for_import_raises_for_non_external_kms_keys/get-import-parameters-error':
    answered(
      'UnsupportedOperationException',
      '<key-arn> origin is AWS_KMS which is not valid for this operation.',
      parametersOfGeneratedKey,
    ),
  'test_import_key_material_raises_if_there_is_already_key_material_pending/existing-pending-material-error':
    answered(
      'KMSInvalidStateException',
      'New key material (id: <key-material-id>) cannot be imported into KMS key <key-id:1>, because another key material (id: <key-material-id:2>) is pending rotation.',
      async (world) => {
        const { keyId, arn } = await importedKey(world);
        const extras = { ImportType: 'NEW_KEY_MATERIAL' } as const;
        await importMaterial(world, keyId, randomBytes(32), extras);
        return { call: () => importMaterial(world, keyId, randomBytes(32), extras), arn };
      },
    ),
  'test_rotate_key_on_demand_raises_error_given_key_is_disabled/error-response': answered(
    'DisabledException',
    '<key-arn> is disabled.',
    async (world) => {
      const { KeyId, Arn } = await createKey(world, {});
      await world.client.send(new DisableKeyCommand({ KeyId }));
      return { call: () => rotate(world, KeyId), arn: Arn };
    },
  ),
  'test_rotate_key_on_demand_raises_error_given_key_that_does_not_exist/error-response': answered(
    'NotFoundException',
    "Key '<key-arn>' does not exist",
    (world) => {
      const id = '134f2428-cec1-4b25-a1ae-9048164dba47';
      const arn = `arn:aws:kms:eu-central-1:111122223333:key/${id}`;
      return { call: () => rotate(world, id), arn };
    },
  ),
  'test_rotate_key_on_demand_raises_error_given_non_symmetric_key/error-response': answered(
    'UnsupportedOperationException',
    '',
    async (world) => {
      const { KeyMetadata } = await world.client.send(
        new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
      );
      return { call: () => rotate(world, KeyMetadata!.KeyId!) };
    },
  ),
  'test_rotate_key_on_demand_on_external_key_with_no_key_material[SYMMETRIC_DEFAULT]/rotate-key-on-demand-error-response-SYMMETRIC_DEFAULT':
    answered('KMSInvalidStateException', PENDING_IMPORT, rotationBeforeImport),
  // The recorded test does not use its parameter: this key was symmetric too.
  'test_rotate_key_on_demand_on_external_key_with_no_key_material[RSA_4096]/rotate-key-on-demand-error-response-RSA_4096':
    answered('KMSInvalidStateException', PENDING_IMPORT, rotationBeforeImport),
  'test_rotate_key_on_demand_raises_for_no_pending_key_material/rotate-key-on-demand-invalid-state-error':
    answered(
      'KMSInvalidStateException',
      'No available key material pending rotation for the key: <key-arn>.',
      async (world) => {
        const { keyId, arn } = await importedKey(world);
        return { call: () => rotate(world, keyId), arn };
      },
    ),
  'test_key_rotations_limits/error-response': answered(
    'LimitExceededException',
    'The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: <key-arn>',
    async (world) => {
      // AWS refused the eleventh rotation then and refuses the twenty-sixth now, in the same words.
      const { KeyId, Arn } = await createKey(world, {});
      for (let rotation = 0; rotation < 25; rotation++) {
        await rotate(world, KeyId);
        world.clock.advance(60_000);
      }
      return { call: () => rotate(world, KeyId), arn: Arn };
    },
  ),
};
