import { ByokError, assert } from '../errors';
import { isImported, isPending, missingMaterials, type ObservedKey } from './observation';

/**
 * On-demand rotations in the life of a key; not adjustable
 * (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
export const ROTATION_LIMIT = 25;

/** Used and remaining rotations of {@link ROTATION_LIMIT}, as KMS lists them. */
export interface RotationBudget {
  readonly rotationsUsed: number;
  readonly rotationsRemaining: number;
}

/** Counts the rotations that a key has completed. */
export function rotationBudget(key: ObservedKey): RotationBudget {
  const rotationsUsed = key.materials.filter(({ rotatedAt }) => rotatedAt !== undefined).length;
  return { rotationsUsed, rotationsRemaining: Math.max(0, ROTATION_LIMIT - rotationsUsed) };
}

/**
 * Refuses a rotation that would exceed what KMS allows in the life of a key.
 *
 * @throws {@link ByokError} `ROTATION_LIMIT`
 */
export function assertRotationLeft(rotationsRemaining: number | undefined, keyArn: string): void {
  assert(
    rotationsRemaining === undefined || rotationsRemaining > 0,
    'ROTATION_LIMIT',
    `${keyArn} has used all ${ROTATION_LIMIT} on-demand rotations of its life, and KMS allows no more: create a new key, and keep this one to decrypt what it has encrypted`,
  );
}

/** The rotation that a program declares. */
export interface RotationDeclaration {
  readonly keyMaterialId: string;
  /** KeyMaterialId of the previous rotation of this resource; absent for the first. */
  readonly before?: string | undefined;
}

/** The next step of a rotation. */
export type RotationStep =
  /** The key has been rotated to the material. */
  | { readonly action: 'done' }
  /** The material is staged and complete. */
  | { readonly action: 'rotate' }
  /** One answer of KMS shows the material as current, and another does not yet. */
  | { readonly action: 'await-answers' }
  /** A Region of a multi-Region key lacks the material. */
  | { readonly action: 'await-replicas' };

/**
 * Decides the next step of a rotation. The decision depends only on the key, so deciding again after any
 * interruption leads to the same result.
 *
 * A rotation to material that is no longer current counts as done, because it happened before a later one. KMS
 * never rotates to the same material twice.
 *
 * @throws {@link ByokError} `KEY_ORIGIN`, `SYMMETRIC_ONLY`, `ROTATION_MATERIAL`,
 * `ROTATION_BACKWARDS`, `ROTATION_ON_REPLICA`, `KEY_PENDING_DELETION`, `KEY_DISABLED`, `KEY_INCOMPLETE`,
 * `KEY_NOT_READY`, `ROTATION_LIMIT`
 */
export function planRotation(key: ObservedKey, declaration: RotationDeclaration): RotationStep {
  assertRotatingKind(key);
  const { keyMaterialId, before } = declaration;
  const index = key.materials.findIndex((material) => material.keyMaterialId === keyMaterialId);
  const material = key.materials[index];
  assert(
    material !== undefined,
    'ROTATION_MATERIAL',
    `${key.keyArn} has no material with the KeyMaterialId ${keyMaterialId}: stage it first with an ImportedKeyMaterial of importType NEW_KEY_MATERIAL, and declare its keyMaterialId`,
  );
  if (!isPending(material)) {
    const from = key.materials.findIndex((other) => other.keyMaterialId === before);
    assert(
      before === undefined || material.keyMaterialState === 'CURRENT' || index > from,
      'ROTATION_BACKWARDS',
      `the material ${keyMaterialId} of ${key.keyArn} is older than the one that this resource rotated to, and KMS never rotates to the same material twice: stage new material`,
    );
    const agreed =
      material.keyMaterialState !== 'CURRENT' || key.currentKeyMaterialId === keyMaterialId;
    return { action: agreed ? 'done' : 'await-answers' };
  }
  assert(
    !key.isReplica,
    'ROTATION_ON_REPLICA',
    `${key.keyArn} is a replica, and KMS rotates a multi-Region key only at its primary, for all Regions: declare ${key.primaryArn ?? 'the ARN of the primary key'} as keyId`,
  );
  assert(
    isImported(material),
    'ROTATION_MATERIAL',
    `the staged material ${keyMaterialId} of ${key.keyArn} is no longer in KMS (deleted or expired): refresh and update the resource that staged it`,
  );
  assertRotatableState(key);
  assertRotationLeft(rotationBudget(key).rotationsRemaining, key.keyArn);
  return material.keyMaterialState === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'
    ? { action: 'await-replicas' }
    : { action: 'rotate' };
}

function assertRotatingKind(key: ObservedKey): void {
  assert(
    key.keyManager === 'CUSTOMER',
    'KEY_ORIGIN',
    `${key.keyArn} is managed by AWS, which rotates it: use a customer managed key of origin EXTERNAL`,
  );
  assert(
    key.origin === 'EXTERNAL',
    'KEY_ORIGIN',
    `${key.keyArn} has origin ${key.origin}, and this resource rotates only to imported material: enable automatic rotation for this key (EnableKeyRotation), or use a key of origin EXTERNAL`,
  );
  assert(
    key.listsMaterials,
    'SYMMETRIC_ONLY',
    `KMS rotates only SYMMETRIC_DEFAULT keys, and ${key.keyArn} is ${key.keySpec}: create a new key`,
  );
}

// The row of RotateKeyOnDemand in AWS's key-state table (Developer Guide, key-state).
function assertRotatableState(key: ObservedKey): void {
  const { keyArn, keyState } = key;
  assert(
    !['PendingDeletion', 'PendingReplicaDeletion'].includes(keyState),
    'KEY_PENDING_DELETION',
    `${keyArn} is pending deletion: cancel its deletion, or remove the rotation`,
  );
  assert(
    keyState !== 'Disabled',
    'KEY_DISABLED',
    `${keyArn} is disabled, and KMS does not rotate a disabled key: enable it, and run the update again`,
  );
  if (keyState === 'PendingImport') throw incomplete(key);
  assert(
    keyState !== 'Creating' && keyState !== 'Unavailable',
    'KEY_NOT_READY',
    `${keyArn} is in state ${keyState}, and KMS does not rotate a key in that state: run the update again later`,
  );
}

function incomplete(key: ObservedKey): ByokError {
  const ids = missingMaterials(key).map(({ keyMaterialId }) => keyMaterialId);
  return new ByokError(
    'KEY_INCOMPLETE',
    `${key.keyArn} lacks material that it used before (KeyMaterialId ${ids.join(', ')}), and KMS does not rotate such a key: refresh, and update the resources of that material first`,
  );
}
