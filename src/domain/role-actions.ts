/**
 * What KMS has to allow on a key for each task, and no more: a test makes the calls of every task and
 * compares. Names: AWS KMS Developer Guide, kms-api-permissions-reference.
 */
export const ROLE_ACTIONS = {
  /** A refresh, and what `kms-byok status` asks of a key. */
  reader: ['kms:DescribeKey', 'kms:ListKeyRotations'],
  /** Creates and updates of ImportedKeyMaterial. */
  importer: [
    'kms:DescribeKey',
    'kms:GetParametersForImport',
    'kms:ImportKeyMaterial',
    'kms:ListKeyRotations',
  ],
  /** OnDemandRotation. */
  rotator: [
    'kms:DescribeKey',
    'kms:GetKeyRotationStatus',
    'kms:ListKeyRotations',
    'kms:RotateKeyOnDemand',
  ],
  /** Deletes of ImportedKeyMaterial. */
  destroyer: ['kms:DeleteImportedKeyMaterial', 'kms:DescribeKey', 'kms:ListKeyRotations'],
} as const;
