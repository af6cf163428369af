import type { Fingerprint } from '../../domain/fingerprint';
import { isPending, isPendingState, type ObservedKey } from '../../domain/observation';
import { assert } from '../../errors';
import type { KmsClient } from '../../aws/index';
import type { SourceReference } from '../../material/source-reference';
import { assertTokenNotExpired } from '../../material/wrapped-material';
import type { UNKNOWN } from '../unknown';

/**
 * Refuses other bytes for the material that a resource imported.
 *
 * @throws {@link ByokError} `MATERIAL_DIFFERS`
 */
export function assertSameMaterial(before: Fingerprint | undefined, after: Fingerprint): void {
  assert(
    before === undefined || before === after,
    'MATERIAL_DIFFERS',
    'material is not what this resource imported, and KMS takes no other bytes for the same material: to rotate a symmetric key, keep this resource and declare a further one with importType NEW_KEY_MATERIAL; otherwise create a new key. To change only where the material is read from, the bytes must be the same',
  );
}

/**
 * Refuses a source that cannot be imported from at this time, before anything is called.
 *
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function assertImportable(source: SourceReference | typeof UNKNOWN, now: Date): void {
  if (typeof source === 'object' && source.kind === 'wrapped') {
    assertTokenNotExpired(source.parametersValidTo, now);
  }
}

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
  { kms, signal }: { readonly kms: KmsClient; readonly signal: AbortSignal },
): Promise<void> {
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  const isRotating = keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal));
  assert(
    !isRotating,
    'ROTATION_IN_PROGRESS',
    `${keyArn} is being rotated to the material that was to be replaced (KeyMaterialId ${keyMaterialId}): let the rotation end, run pulumi refresh, and stage further material with a further resource`,
  );
  await kms.deleteKeyMaterial(keyArn, keyMaterialId, signal);
}
