import { ByokError, needs } from '../errors';
import { marksMaterial, withoutMark } from './description';
import { compareExpiry, type DeclaredExpiry } from './expiry';
import type { Fingerprint } from './fingerprint';
import { isImported, isPending, type ObservedKey, type ObservedMaterial } from './observation';

/** AWS's enum `ImportType`. */
export const IMPORT_TYPES = ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] as const;

/** AWS's enum `ImportType`. */
export type ImportType = (typeof IMPORT_TYPES)[number];

/** What a program asks of one material on one key. */
export interface ImportDeclaration {
  readonly fingerprint: Fingerprint;
  readonly expiry: DeclaredExpiry;
  readonly importType?: ImportType | undefined;
  readonly description?: string | undefined;
  /** The material's ID where an earlier import told it. */
  readonly keyMaterialId?: string | undefined;
}

/** What has to be called, if anything. */
export type ImportPlan =
  | { readonly action: 'keep'; readonly material: ObservedMaterial }
  | {
      readonly action: 'import';
      /** Left out for a first import, so that a repeated request is a re-import and not an error. */
      readonly importType?: ImportType;
      /** KMS refuses the import unless the bytes have this ID. */
      readonly keyMaterialId?: string;
    };

/**
 * Refuses a key that cannot take material, before `GetParametersForImport`, the scarcest call.
 *
 * @throws {@link ByokError} `KEY_MANAGER`, `KEY_ORIGIN`, `KEY_SPEC_MISMATCH`,
 * `KEY_PENDING_DELETION`, `KEY_NOT_READY`
 */
export function needsImportableKey(key: ObservedKey, declaredKeySpec: string | undefined): void {
  needs(
    key.keyManager === 'CUSTOMER',
    'KEY_MANAGER',
    `${key.keyArn} is managed by AWS, which imports no material: use a customer managed key of origin EXTERNAL`,
  );
  needs(
    key.origin === 'EXTERNAL',
    'KEY_ORIGIN',
    `${key.keyArn} has origin ${key.origin}, and only a key of origin EXTERNAL takes imported material: create one, the origin of a key cannot be changed`,
  );
  needs(
    declaredKeySpec === undefined || declaredKeySpec === key.keySpec,
    'KEY_SPEC_MISMATCH',
    `${key.keyArn} has key spec ${key.keySpec}, not the keySpec that is declared: correct keySpec or leave it out`,
  );
  needs(
    !['PendingDeletion', 'PendingReplicaDeletion'].includes(key.keyState),
    'KEY_PENDING_DELETION',
    `${key.keyArn} is pending deletion: cancel its deletion, or name another key`,
  );
  needs(
    ['Enabled', 'Disabled', 'PendingImport'].includes(key.keyState),
    'KEY_NOT_READY',
    `${key.keyArn} is in state ${key.keyState}, in which KMS imports nothing: run the update again later`,
  );
}

/** The material that this declaration is about, if the key knows it. */
export function findMaterial(
  key: ObservedKey,
  declaration: Pick<ImportDeclaration, 'fingerprint' | 'keyMaterialId'>,
): ObservedMaterial | undefined {
  return (
    key.materials.find((material) => material.keyMaterialId === declaration.keyMaterialId) ??
    key.materials.find((material) => marksMaterial(material.description, declaration.fingerprint))
  );
}

/**
 * Decides what to call for a declaration on a key as it was observed. Deciding again after a crash,
 * a lost response or a retry leads to the same end, because only the key is asked.
 *
 * @param reimport - import although the key holds what is declared, to begin a rolling validity anew
 * @throws {@link ByokError} `IMPORT_TYPE_REFUSED`, `MATERIAL_PENDING`
 */
export function planImport(
  key: ObservedKey,
  declaration: ImportDeclaration,
  now: Date,
  reimport = false,
): ImportPlan {
  const ours = findMaterial(key, declaration);
  if (ours !== undefined) {
    const asDeclared =
      isImported(ours) &&
      compareExpiry(declaration.expiry, ours, now) === 'as-declared' &&
      withoutMark(ours.description) === declaration.description;
    return asDeclared && !reimport
      ? { action: 'keep', material: ours }
      : {
          action: 'import',
          importType: 'EXISTING_KEY_MATERIAL',
          keyMaterialId: ours.keyMaterialId,
        };
  }
  const neverImported = key.materials.length === 0 && key.currentKeyMaterialId === undefined;
  if (neverImported) {
    needs(
      declaration.importType !== 'EXISTING_KEY_MATERIAL',
      'IMPORT_TYPE_REFUSED',
      `${key.keyArn} has never had material: remove importType EXISTING_KEY_MATERIAL`,
    );
    return { action: 'import' };
  }
  if (declaration.importType !== 'NEW_KEY_MATERIAL') {
    return { action: 'import', importType: 'EXISTING_KEY_MATERIAL' };
  }
  const pending = key.materials.find(isPending);
  if (pending !== undefined) {
    throw new ByokError(
      'MATERIAL_PENDING',
      `${key.keyArn} already has other material pending rotation (KeyMaterialId ${pending.keyMaterialId}), and KMS stages one at a time: rotate to it, or delete it by that ID`,
    );
  }
  return { action: 'import', importType: 'NEW_KEY_MATERIAL' };
}
