import type { KmsClient } from '../../aws/index';
import { isPending, type ObservedKey } from '../../domain/observation';
import { assertNotAnothers, type MaterialOwner } from '../../domain/ownership';
import { assert } from '../../errors';

interface StagingContext {
  readonly kms: KmsClient;
  readonly signal: AbortSignal;
}

/**
 * Whether material waits for a rotation. `staged`: no rotation has begun. `permanent`: a rotation makes it permanent,
 * or has done so. `gone`: KMS does not list it.
 */
type Staging = 'staged' | 'permanent' | 'gone';

/**
 * Asks KMS whether material that was pending when the key was observed still waits for a rotation. A preparation of an
 * import can take minutes, and in that time somebody may rotate the key.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function stagingOf(
  { keyArn, keyState }: ObservedKey,
  keyMaterialId: string | undefined,
  { kms, signal }: StagingContext,
): Promise<Staging> {
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  if (keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal))) return 'permanent';
  // In this order: KMS says that no rotation is in progress also of one that has just ended.
  const { materials } = await kms.observeKey(keyArn, signal);
  const material = materials.find((each) => each.keyMaterialId === keyMaterialId);
  if (material === undefined) return 'gone';
  return isPending(material) ? 'staged' : 'permanent';
}

/**
 * Deletes staged material that an import replaces, because KMS stages one at a time. KMS has never used such material,
 * so it needs no `deleteUnlessUsedWithin`: the last use of the key was with other material.
 *
 * @param owner - owner that the resource wrote when it staged the material
 * @throws {@link ByokError} `KEY_NOT_READY`, `MATERIAL_OWNER`, `KMS_*`, `TIMEOUT`
 */
export async function deleteStaged(
  key: ObservedKey,
  keyMaterialId: string,
  owner: MaterialOwner | undefined,
  { kms, signal }: StagingContext,
): Promise<void> {
  const { keyArn } = key;
  const staged = key.materials.find((material) => material.keyMaterialId === keyMaterialId);
  if (staged !== undefined) assertNotAnothers(key, staged, owner);
  const staging = await stagingOf(key, keyMaterialId, { kms, signal });
  assert(
    staging !== 'permanent',
    'KEY_NOT_READY',
    `${keyArn} is being rotated, or was just rotated, to the material that was to be replaced (KeyMaterialId ${keyMaterialId}): let the rotation end, run pulumi refresh, and stage the other material with another resource`,
  );
  // A first attempt of this import has deleted it.
  if (staging === 'gone') return;
  await kms.deleteKeyMaterial(keyArn, keyMaterialId, signal);
}
