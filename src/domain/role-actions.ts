/**
 * The permissions on a key that each task needs, and no others. A test makes the calls of every task and compares
 * them. Names: AWS KMS Developer Guide, kms-api-permissions-reference.
 */
export const ROLE_ACTIONS = {
  /** A refresh, and the reads of each key by `kms-byok status`. */
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

/** Permissions that guarded deletes and `kms-byok status --last-use` need in addition. */
export const LAST_USE_ACTIONS = ['kms:GetKeyLastUsage'] as const;

/** Permissions that `kms-byok evidence` needs in addition to those of the reader. */
export const EVIDENCE_ACTIONS = [...LAST_USE_ACTIONS, 'kms:GetKeyPolicy'] as const;
