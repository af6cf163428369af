import type { Statement } from './policy-document';

const IMPORT_ACTIONS = ['kms:ImportKeyMaterial', 'kms:DeleteImportedKeyMaterial'];

// AWS KMS Developer Guide, kms-api-permissions-reference: the operations that use a key.
const USE_ACTIONS = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:GenerateDataKeyPair',
  'kms:GenerateDataKeyPairWithoutPlaintext',
  'kms:Sign',
  'kms:GenerateMac',
  'kms:DeriveSharedSecret',
];

/** Returns whether a statement lets somebody replace or destroy the material of a key. */
export function allowsImport({ allows, covers }: Statement): boolean {
  return allows && IMPORT_ACTIONS.some(covers);
}

/** Returns whether a statement lets somebody use a key on data. */
export function allowsUse({ allows, covers }: Statement): boolean {
  return allows && USE_ACTIONS.some(covers);
}

/** Returns whether a resource of a statement means every key, or every key of an account or a Region. */
export function isEveryKey(resource: string): boolean {
  return resource === '*' || /^arn:[^:]*:(?:\*|kms):[^:]*:[^:]*:(?:\*|key\/\*)$/.test(resource);
}
