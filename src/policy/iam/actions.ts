import type { Statement } from './document';

const IMPORT_ACTIONS = ['kms:ImportKeyMaterial', 'kms:DeleteImportedKeyMaterial'];

/** The operations that use a key (AWS KMS Developer Guide, kms-api-permissions-reference). */
export const USE_ACTIONS: readonly string[] = [
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

/** The permissions of somebody on a key, as far as the rules distinguish them. */
export interface Powers {
  /** To replace or destroy the material. */
  readonly imports: boolean;
  /** To use the key on data. */
  readonly uses: boolean;
  /** To give the use of the key to anybody, including themselves. */
  readonly grantsUse: boolean;
  /** To give the import to anybody, including themselves. */
  readonly grantsImport: boolean;
}

/** Returns whether a statement lets somebody replace or destroy the material of a key. */
export function allowsImport({ allows, covers }: Statement): boolean {
  return allows && IMPORT_ACTIONS.some(covers);
}

/** Returns the permissions that a statement gives; undefined if it gives none of them. */
export function powersOf(statement: Statement): Powers | undefined {
  const { allows, covers } = statement;
  if (!allows) return undefined;
  const rewrites = covers('kms:PutKeyPolicy');
  return unlessNone({
    imports: allowsImport(statement),
    uses: USE_ACTIONS.some(covers),
    grantsUse: rewrites || covers('kms:CreateGrant'),
    grantsImport: rewrites,
  });
}

/**
 * Returns the permissions that a grant with these operations gives; undefined if it gives none of them.
 * A grant cannot allow an import (AWS KMS Developer Guide, grants).
 */
export function powersOfGrant(operations: readonly string[]): Powers | undefined {
  return unlessNone({
    imports: false,
    uses: operations.some((operation) => USE_ACTIONS.includes(`kms:${operation}`)),
    grantsUse: operations.includes('CreateGrant'),
    grantsImport: false,
  });
}

function unlessNone(powers: Powers): Powers | undefined {
  return Object.values(powers).includes(true) ? powers : undefined;
}
