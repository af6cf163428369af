import { isPending, isPendingState, type ObservedKey } from '../../domain/observation';
import { needs } from '../../errors';
import type { Kms } from '../../aws/index';

/** What state says of the material of a resource. */
interface Staged {
  readonly keyMaterialId?: string | undefined;
  readonly keyMaterialState?: string | undefined;
}

interface Declared {
  readonly importType?: string | undefined;
}

/**
 * Whether other bytes may take the place of what a resource staged: until a rotation makes material
 * permanent, KMS lets it go. Material without a state is unknown to KMS: staged material that was
 * deleted is forgotten. State may be behind, so that an update looks again.
 */
export function mayReplace({ keyMaterialState }: Staged, { importType }: Declared): boolean {
  if (importType === undefined) return false;
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

/**
 * Deletes staged material, by its ID, and not while a rotation makes it permanent.
 *
 * @throws {@link ByokError} `ROTATION_IN_PROGRESS`, `KMS_*`, `TIMEOUT`
 */
export async function dropStaged(
  { keyArn, keyState }: ObservedKey,
  keyMaterialId: string,
  { kms, signal }: { readonly kms: Kms; readonly signal: AbortSignal },
): Promise<void> {
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  const isRotating = keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal));
  needs(
    !isRotating,
    'ROTATION_IN_PROGRESS',
    `${keyArn} is being rotated to the material that was to be replaced (KeyMaterialId ${keyMaterialId}): let the rotation end, run pulumi refresh, and stage further material with a further resource`,
  );
  await kms.deleteKeyMaterial(keyArn, keyMaterialId, signal);
}
