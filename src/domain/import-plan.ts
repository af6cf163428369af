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
import { assertRotationLeft, rotationBudget } from './rotation';

/** AWS's enum `ImportType`. */
export const IMPORT_TYPES = ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] as const;

/**
 * AWS's enum `ImportType`.
 *
 * @useDeclaredType
 */
export type ImportType = (typeof IMPORT_TYPES)[number];

/** What a program asks of one material on one key. */
export interface ImportDeclaration {
  readonly fingerprint: Fingerprint;
  readonly expiry: DeclaredExpiry;
  readonly importType?: ImportType | undefined;
  readonly description?: string | undefined;
  /** What this resource knows from an earlier import of the same bytes; absent before the first. */
  readonly earlier?: { readonly keyMaterialId?: string | undefined } | undefined;
  /** Import although the key holds what is declared, to begin a rolling validity anew. */
  readonly reimport?: boolean | undefined;
  /**
   * Whether a rolling validity that is longer than declared is to be cut; otherwise it stays until a
   * preview has said so.
   */
  readonly mayShorten?: boolean | undefined;
  /** Staged material of this resource, of other bytes, that is to make room. */
  readonly replaces?: string | undefined;
}

/** What has to be called, if anything. */
export type ImportPlan =
  | { readonly action: 'keep'; readonly material: ObservedMaterial }
  | {
      readonly action: 'import';
      /** Left out for a first import, so that a repeated request is a re-import and not an error. */
      readonly importType?: ImportType;
      /** KMS refuses the import unless the bytes have this ID. */
      readonly keyMaterialId?: string | undefined;
      /** The expiry that the material has, where it is as declared and is to stay. */
      readonly validTo?: string | undefined;
      /** Staged material to delete first: KMS stages one at a time. */
      readonly replaces?: string | undefined;
    };

/**
 * Refuses inputs that KMS knows for symmetric encryption keys alone (AWS KMS API Reference,
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
    `importType and keyMaterialDescription are for SYMMETRIC_DEFAULT keys alone, and this is ${keySpec}: remove them`,
  );
}

/**
 * Refuses a key that cannot take material, before `GetParametersForImport`, the scarcest call.
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
    `${key.keyArn} is managed by AWS, which imports no material: use a customer managed key of origin EXTERNAL`,
  );
  assert(
    key.origin === 'EXTERNAL',
    'KEY_ORIGIN',
    `${key.keyArn} has origin ${key.origin}, and only a key of origin EXTERNAL takes imported material: create one, the origin of a key cannot be changed`,
  );
  assert(
    declared.keySpec === undefined || declared.keySpec === key.keySpec,
    'KEY_SPEC_MISMATCH',
    `${key.keyArn} has key spec ${key.keySpec}, not the keySpec that is declared: correct keySpec or leave it out`,
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
    `${key.keyArn} is in state ${key.keyState}, in which KMS imports nothing: run the update again later`,
  );
}

/**
 * Whether a description can be set: those of a multi-Region key are set on the primary, and KMS copies
 * them to the replicas (AWS KMS API Reference, ImportKeyMaterial, KeyMaterialDescription).
 */
export function takesDescription(key: ObservedKey): boolean {
  return key.listsMaterials && !key.isReplica;
}

/**
 * The material with this ID, or, where none is known, with this mark, if the key knows it. Where KMS
 * lists none it is the one material of the key, and only an import can tell whether the bytes are the
 * same.
 */
export function findMaterial(
  key: ObservedKey,
  sought: { readonly fingerprint: Fingerprint; readonly keyMaterialId?: string | undefined },
): ObservedMaterial | undefined {
  if (!key.listsMaterials) return key.materials[0];
  const { fingerprint, keyMaterialId } = sought;
  // The same bytes on one key have one ID, so that a mark on another ID is of other bytes, or forged.
  return key.materials.find((material) =>
    keyMaterialId === undefined
      ? marksMaterial(material.description, fingerprint)
      : material.keyMaterialId === keyMaterialId,
  );
}

/**
 * Decides what to call for a declaration on a key as it was observed. Deciding again after a crash,
 * a lost response or a retry leads to the same end, because only the key is asked.
 *
 * @throws {@link ByokError} `IMPORT_TYPE_REFUSED`, `MATERIAL_PENDING`, `ROTATION_LIMIT`
 */
export function planImport(
  key: ObservedKey,
  declaration: ImportDeclaration,
  now: Date,
): ImportPlan {
  const { fingerprint, earlier } = declaration;
  const ours = findMaterial(key, { fingerprint, keyMaterialId: earlier?.keyMaterialId });
  // Without a mark any material of the key may be the same, so only the expiry of a single one is certain.
  const candidate = ours ?? (key.materials.length === 1 ? key.materials[0] : undefined);
  const kept = candidate === undefined ? undefined : keptValidTo(candidate, declaration, now);
  if (!key.listsMaterials) {
    // KMS accepts the same bytes again and refuses all others, which is how they are compared.
    return ours !== undefined && kept !== undefined && earlier !== undefined
      ? { action: 'keep', material: ours }
      : { action: 'import', ...kept };
  }
  const replaces = key.materials.find(
    (material) => material.keyMaterialId === declaration.replaces && isPending(material),
  )?.keyMaterialId;
  if (ours !== undefined) {
    const described =
      !takesDescription(key) || withoutMark(ours.description) === declaration.description;
    // A description is a hint that anybody who may import can forge. Only an import under the guard of
    // the ID proves that the bytes are the same, so that the first run of a resource makes one.
    return kept !== undefined && described && earlier?.keyMaterialId !== undefined
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
      `${key.keyArn} has never had material, so that there is none to import again and none to rotate from: import its first material without importType, and let what is to be staged depend on that resource (dependsOn)`,
    );
    return { action: 'import' };
  }
  if (declaration.importType !== 'NEW_KEY_MATERIAL') {
    // The material carries no mark, and may still be the same: KMS refuses it otherwise.
    return { action: 'import', importType: 'EXISTING_KEY_MATERIAL', ...kept };
  }
  if (replaces !== undefined) {
    return { action: 'import', importType: 'NEW_KEY_MATERIAL', replaces };
  }
  assertNonePending(key);
  // KMS would take it, and could never rotate to it.
  assertRotationLeft(rotationBudget(key).rotationsRemaining, key.keyArn);
  return { action: 'import', importType: 'NEW_KEY_MATERIAL' };
}

// The expiry to send where the one that KMS holds is to stay; undefined where it is not.
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
  // A replica knows what is staged on its primary although it does not have the bytes.
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
    `${key.keyArn} already has other material pending rotation (KeyMaterialId ${keyMaterialId}, ${origin}), and KMS stages one at a time: rotate to it, or, if nobody needs it, delete it by that ID (aws kms delete-imported-key-material --key-id ${key.keyArn} --key-material-id ${keyMaterialId}), and run the update again`,
  );
}

/** What state says of the material of a resource. */
interface Staged {
  readonly keyMaterialId?: string | undefined;
  readonly keyMaterialState?: string | undefined;
}

interface Declared {
  readonly importType?: string | undefined;
  readonly list?: unknown;
}

/**
 * Whether other bytes may take the place of what a resource staged: until a rotation makes material
 * permanent, KMS lets it go. Material without a state is unknown to KMS: staged material that was
 * deleted is forgotten. State may be behind, so that an update looks again.
 *
 * Material of a list is rotated to after the import whose state says that it is pending, so that state is
 * always behind, and a preview would promise what the update refuses.
 */
export function mayReplace({ keyMaterialState }: Staged, { importType, list }: Declared): boolean {
  if (importType === undefined) return false;
  if (list !== undefined) return keyMaterialState === undefined;
  return keyMaterialState === undefined || isPendingState(keyMaterialState);
}

/**
 * The same by what the key shows: the material is still pending, or it is gone because an earlier run
 * began to replace it.
 */
export function isReplaceable(
  key: ObservedKey,
  known: Staged | undefined,
  declared: Declared,
): boolean {
  if (known?.keyMaterialId === undefined || !mayReplace(known, declared)) return false;
  const held = key.materials.find(({ keyMaterialId }) => keyMaterialId === known.keyMaterialId);
  return held === undefined || isPending(held);
}
