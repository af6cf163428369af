import { ByokError, assert } from '../errors';
import { isMarked, marksMaterial, withoutMark, type Fingerprint } from './fingerprint';
import { compareExpiry, type DeclaredExpiry } from './expiry';
import {
  isImported,
  isPending,
  isPendingState,
  type ObservedKey,
  type ObservedMaterial,
} from './observation';
import type { ImportType } from './import-type';
import { assertRotationLeft, rotationBudget } from './rotation';

/** The import that a program declares, for one material of one key: the inputs that decide, and facts of state. */
export interface ImportDeclaration {
  readonly fingerprint: Fingerprint;
  readonly expiry: DeclaredExpiry;
  readonly importType?: ImportType | undefined;
  readonly keyMaterialDescription?: string | undefined;
  /** Result of an earlier import of the same bytes by this resource; absent before the first. */
  readonly earlier?: { readonly keyMaterialId?: string | undefined } | undefined;
  /** Whether only an import can prove that the bytes are those of the earlier import. Its expiry stays. */
  readonly isUnproven?: boolean | undefined;
  /** Imports even if the key has the declared material, to restart a rolling validity. */
  readonly reimport?: boolean | undefined;
  /**
   * Whether to shorten a rolling validity that is longer than declared. If not, it stays until a preview has
   * shown the change.
   */
  readonly mayShorten?: boolean | undefined;
  /** KeyMaterialId of other bytes that this resource staged, and that the import replaces. */
  readonly replaces?: string | undefined;
}

/** The call to make, if any. */
export type ImportPlan =
  | { readonly action: 'keep'; readonly material: ObservedMaterial }
  | {
      readonly action: 'import';
      /** Absent for a first import, so that a repeated request is a re-import and not an error. */
      readonly importType?: ImportType;
      /** KMS refuses the import unless the bytes have this ID. */
      readonly keyMaterialId?: string | undefined;
      /** The present expiry of the material, if it stays. */
      readonly validTo?: string | undefined;
      /** Staged material to delete first: KMS stages one at a time. */
      readonly replaces?: string | undefined;
    };

/**
 * Refuses inputs that KMS supports only for symmetric encryption keys (AWS KMS API Reference,
 * ImportKeyMaterial: ImportType, KeyMaterialDescription).
 *
 * @throws {@link ByokError} `SYMMETRIC_ONLY`
 */
export function assertSymmetric(
  keySpec: string,
  declared: {
    readonly importType?: string | undefined;
    readonly keyMaterialDescription?: string | undefined;
  },
): void {
  assert(
    keySpec === 'SYMMETRIC_DEFAULT' ||
      (declared.importType === undefined && declared.keyMaterialDescription === undefined),
    'SYMMETRIC_ONLY',
    `importType and keyMaterialDescription are only for SYMMETRIC_DEFAULT keys, and this key is ${keySpec}: remove them`,
  );
}

/**
 * Refuses a key that cannot take material, before `GetParametersForImport`, which has the lowest quota.
 *
 * @throws {@link ByokError} `KEY_ORIGIN`, `KEY_SPEC_MISMATCH`, `SYMMETRIC_ONLY`,
 * `KEY_PENDING_DELETION`, `KEY_NOT_READY`
 */
export function assertImportableKey(
  key: ObservedKey,
  declared: {
    readonly keySpec?: string | undefined;
    readonly importType?: string | undefined;
    readonly keyMaterialDescription?: string | undefined;
  },
): void {
  assert(
    key.keyManager === 'CUSTOMER',
    'KEY_ORIGIN',
    `${key.keyArn} is managed by AWS, and such a key takes no imported material: use a customer managed key of origin EXTERNAL`,
  );
  assert(
    key.origin === 'EXTERNAL',
    'KEY_ORIGIN',
    `${key.keyArn} has origin ${key.origin}, and only a key of origin EXTERNAL takes imported material: create one, because the origin of a key cannot change`,
  );
  assert(
    declared.keySpec === undefined || declared.keySpec === key.keySpec,
    'KEY_SPEC_MISMATCH',
    `${key.keyArn} has key spec ${key.keySpec}, not the declared keySpec: correct keySpec, or leave it out`,
  );
  assertSymmetric(key.keySpec, declared);
  assert(
    !['PendingDeletion', 'PendingReplicaDeletion'].includes(key.keyState),
    'KEY_PENDING_DELETION',
    `${key.keyArn} is pending deletion: cancel its deletion, or name another key`,
  );
  assert(
    ['Enabled', 'Disabled', 'PendingImport'].includes(key.keyState),
    'KEY_NOT_READY',
    `${key.keyArn} is in state ${key.keyState}, and KMS imports nothing in that state: run the update again later`,
  );
}

/**
 * Returns whether an import into the key can set a description. For a multi-Region key, only the primary can, and
 * KMS copies it to the replicas (AWS KMS API Reference, ImportKeyMaterial, KeyMaterialDescription).
 */
export function takesDescription(key: ObservedKey): boolean {
  return key.listsMaterials && !key.isReplica;
}

/**
 * Finds the material with this ID or, if the ID is not known, with this mark. If KMS lists no materials, returns
 * the one material of the key; only an import can show whether its bytes are the same.
 */
export function findMaterial(
  key: ObservedKey,
  sought: { readonly fingerprint: Fingerprint; readonly keyMaterialId?: string | undefined },
): ObservedMaterial | undefined {
  if (!key.listsMaterials) return key.materials[0];
  const { fingerprint, keyMaterialId } = sought;
  // The same bytes have one ID on one key, so a mark on another ID is of other bytes, or forged.
  return key.materials.find((material) =>
    keyMaterialId === undefined
      ? marksMaterial(material.description, fingerprint)
      : material.keyMaterialId === keyMaterialId,
  );
}

/**
 * Decides which call a declaration needs on an observed key. The decision depends only on the key, so deciding
 * again after a crash, a lost response or a retry leads to the same result.
 *
 * @throws {@link ByokError} `IMPORT_TYPE_REFUSED`, `MATERIAL_PENDING`, `ROTATION_LIMIT`
 */
export function planImport(
  key: ObservedKey,
  declaration: ImportDeclaration,
  now: Date,
): ImportPlan {
  const { fingerprint, earlier, isUnproven = false } = declaration;
  const ours = findMaterial(key, { fingerprint, keyMaterialId: earlier?.keyMaterialId });
  // Without a mark any material of the key may be the same, so only the expiry of a single one is certain.
  const candidate = ours ?? (key.materials.length === 1 ? key.materials[0] : undefined);
  const kept = candidate === undefined ? undefined : keptValidTo(candidate, declaration, now);
  if (!key.listsMaterials) {
    // KMS accepts the same bytes again and refuses all others, so an import compares them.
    return ours !== undefined && kept !== undefined && earlier !== undefined && !isUnproven
      ? { action: 'keep', material: ours }
      : { action: 'import', ...kept };
  }
  const replaces = key.materials.find(
    (material) => material.keyMaterialId === declaration.replaces && isPending(material),
  )?.keyMaterialId;
  if (ours !== undefined) {
    const described =
      !takesDescription(key) ||
      withoutMark(ours.description) === declaration.keyMaterialDescription;
    // Anybody who may import can forge a description. Only an import with the ID proves that the bytes are
    // the same, so the first run of a resource makes one.
    const isProven = earlier?.keyMaterialId !== undefined && !isUnproven;
    return kept !== undefined && described && isProven
      ? { action: 'keep', material: ours }
      : {
          action: 'import',
          importType: 'EXISTING_KEY_MATERIAL',
          keyMaterialId: ours.keyMaterialId,
          ...kept,
          ...(replaces === undefined ? {} : { replaces }),
        };
  }
  const neverImported = key.materials.length === 0 && key.currentKeyMaterialId === undefined;
  if (neverImported) {
    assert(
      declaration.importType === undefined,
      'IMPORT_TYPE_REFUSED',
      `${key.keyArn} has never had material, so there is none to import again and none to rotate from: import its first material without importType, and let the resource that stages the next material depend on that one (dependsOn)`,
    );
    return { action: 'import' };
  }
  if (declaration.importType !== 'NEW_KEY_MATERIAL') {
    // Unmarked material may have the same bytes; if not, KMS refuses the import.
    return { action: 'import', importType: 'EXISTING_KEY_MATERIAL', ...kept };
  }
  if (replaces !== undefined) {
    return { action: 'import', importType: 'NEW_KEY_MATERIAL', replaces };
  }
  assertNonePending(key);
  // KMS would accept it, but could never rotate to it.
  assertRotationLeft(rotationBudget(key).rotationsRemaining, key.keyArn);
  return { action: 'import', importType: 'NEW_KEY_MATERIAL' };
}

// Returns the expiry to send if the one in KMS stays; undefined if it does not.
function keptValidTo(
  material: ObservedMaterial,
  { expiry, reimport, mayShorten }: ImportDeclaration,
  now: Date,
): { readonly validTo?: string | undefined } | undefined {
  if (reimport === true || !isImported(material)) return undefined;
  const verdict = compareExpiry(expiry, material, now);
  const stays = verdict === 'as-declared' || (verdict === 'longer' && mayShorten !== true);
  return stays ? { validTo: material.validTo } : undefined;
}

function assertNonePending(key: ObservedKey): void {
  // A replica shows what is staged on its primary, although it does not have the bytes.
  const pending = key.materials.find(
    (material) => isPending(material) && (isImported(material) || key.isReplica),
  );
  if (pending === undefined) return;
  const { keyMaterialId = '' } = pending;
  const origin = isMarked(pending.description)
    ? 'staged by another resource or stack of this package'
    : 'staged by something else';
  throw new ByokError(
    'MATERIAL_PENDING',
    `${key.keyArn} already has other material that waits for its rotation (KeyMaterialId ${keyMaterialId}, ${origin}), and KMS stages one at a time: rotate to it, or, if nobody needs it, delete it by that ID (aws kms delete-imported-key-material --key-id ${key.keyArn} --key-material-id ${keyMaterialId}), and run the update again`,
  );
}

/** The material of a resource, as it is in state. */
interface Staged {
  readonly keyMaterialId?: string | undefined;
  readonly keyMaterialState?: string | undefined;
}

interface Declared {
  readonly importType?: string | undefined;
  readonly list?: unknown;
}

/**
 * Returns whether other bytes may replace what a resource staged. KMS lets go of material until a rotation makes
 * it permanent. KMS does not know material without a state: it forgets staged material that was deleted. The
 * state of the resource may be out of date, so an update checks the key again.
 *
 * For material of a list, the rotation follows the import that recorded it as pending. The recorded state is
 * always out of date, and a preview would promise what the update refuses.
 */
export function mayReplace({ keyMaterialState }: Staged, { importType, list }: Declared): boolean {
  if (importType === undefined) return false;
  if (list !== undefined) return keyMaterialState === undefined;
  return keyMaterialState === undefined || isPendingState(keyMaterialState);
}

/**
 * Returns the same, as the key shows it: the material is still pending, or it is gone because an earlier run began
 * to replace it.
 */
export function isReplaceable(
  key: ObservedKey,
  known: Staged | undefined,
  declared: Declared,
): boolean {
  if (known?.keyMaterialId === undefined || !mayReplace(known, declared)) return false;
  const staged = key.materials.find(({ keyMaterialId }) => keyMaterialId === known.keyMaterialId);
  return staged === undefined || isPending(staged);
}
