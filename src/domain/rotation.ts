import { ByokError, assert } from '../errors';
import { isImported, isPending, missingMaterials, type ObservedKey } from './observation';

/**
 * On-demand rotations in the life of a key; not adjustable
 * (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
export const ROTATION_LIMIT = 25;

/** What is left of {@link ROTATION_LIMIT}, by what KMS lists. */
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
    `${keyArn} has used all ${ROTATION_LIMIT} on-demand rotations of its life, and KMS allows no more: create a new key, and keep this one for what it has encrypted`,
  );
}

/** What a rotation is to bring about. */
export interface RotationDeclaration {
  readonly keyMaterialId: string;
  /** What this resource rotated to before; absent when it is created. */
  readonly before?: string | undefined;
}

/** What has to happen next. */
export type RotationStep =
  /** The key has been rotated to the material. */
  | { readonly action: 'done' }
  /** The material is staged and complete. */
  | { readonly action: 'rotate' }
  /** KMS shows the material as current in one answer and not yet in another. */
  | { readonly action: 'await-answers' }
  /** Replicas of a multi-Region key lack the material. */
  | { readonly action: 'await-replicas' };

/**
 * Decides what a rotation needs next. Only the key is asked, so that deciding again after an
 * interruption at any point leads to the same end.
 *
 * Material that was current and has been followed by another counts as done: rotations of one key
 * stand in a row, and each remains a fact. KMS rotates to no material twice.
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
    `${key.keyArn} has no material with the KeyMaterialId ${keyMaterialId}: stage it first, with an ImportedKeyMaterial of importType NEW_KEY_MATERIAL, and give its keyMaterialId`,
  );
  if (!isPending(material)) {
    const from = key.materials.findIndex((other) => other.keyMaterialId === before);
    assert(
      before === undefined || material.keyMaterialState === 'CURRENT' || index > from,
      'ROTATION_BACKWARDS',
      `the material ${keyMaterialId} of ${key.keyArn} is older than what this resource rotated to, and KMS rotates to no material twice: stage new material`,
    );
    const agreed =
      material.keyMaterialState !== 'CURRENT' || key.currentKeyMaterialId === keyMaterialId;
    return { action: agreed ? 'done' : 'await-answers' };
  }
  assert(
    !key.isReplica,
    'ROTATION_ON_REPLICA',
    `${key.keyArn} is a replica, and KMS rotates a multi-Region key at its primary, for all Regions: give ${key.primaryArn ?? 'the ARN of the primary key'} as keyId`,
  );
  assert(
    isImported(material),
    'ROTATION_MATERIAL',
    `the staged material ${keyMaterialId} of ${key.keyArn} is not in KMS any more (deleted or expired): refresh and update the resource that staged it`,
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
    `${key.keyArn} has origin ${key.origin}, and this resource rotates to imported material alone: a key of that origin rotates by itself (EnableKeyRotation)`,
  );
  assert(
    key.listsMaterials,
    'SYMMETRIC_ONLY',
    `KMS rotates SYMMETRIC_DEFAULT keys alone, and ${key.keyArn} is ${key.keySpec}: create a new key`,
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
    `${keyArn} is disabled, and KMS rotates no disabled key: enable it and run the update again`,
  );
  if (keyState === 'PendingImport') throw incomplete(key);
  assert(
    keyState !== 'Creating' && keyState !== 'Unavailable',
    'KEY_NOT_READY',
    `${keyArn} is in state ${keyState}, in which KMS rotates nothing: run the update again later`,
  );
}

function incomplete(key: ObservedKey): ByokError {
  const ids = missingMaterials(key).map(({ keyMaterialId }) => keyMaterialId);
  return new ByokError(
    'KEY_INCOMPLETE',
    `${key.keyArn} lacks material that it was encrypting with (KeyMaterialId ${ids.join(', ')}), and KMS rotates no such key: refresh, and update the resources of that material first`,
  );
}
