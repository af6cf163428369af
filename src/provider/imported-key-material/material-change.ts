import type { Fingerprint } from '../../domain/fingerprint';
import {
  isPending,
  isPendingState,
  type ObservedKey,
  type ObservedMaterial,
} from '../../domain/observation';
import { ownershipOf, type MaterialOwner } from '../../domain/ownership';
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

/**
 * Refuses to delete material of which KMS does not say whose it is, or of another resource.
 *
 * @throws {@link ByokError} `MATERIAL_OWNER`
 */
function assertNotAnothers(
  key: ObservedKey,
  material: ObservedMaterial,
  owner: MaterialOwner | undefined,
): void {
  const ownership = ownershipOf(key, material, owner);
  assert(
    ownership === 'ours' || ownership === 'unmarked',
    'MATERIAL_OWNER',
    ownership === 'another'
      ? `another resource has imported the material ${material.keyMaterialId ?? ''} of ${key.keyArn} since, and it is not deleted for this one: remove one of the two resources`
      : unclearOwner(key, material),
  );
}

function unclearOwner({ keyArn }: ObservedKey, { keyMaterialId }: ObservedMaterial): string {
  return `KMS does not say any more whose the material ${keyMaterialId ?? ''} of ${keyArn} is, because it was imported with another description: run pulumi refresh and an update, which mark it again; or delete it by hand, and the resource with pulumi state delete`;
}

/**
 * Decides whether a resource that goes takes its material with it.
 *
 * @returns false where another resource has imported the material since, whose it is now
 * @throws {@link ByokError} `MATERIAL_OWNER` where it cannot be known
 */
export function isToBeDeleted(
  key: ObservedKey,
  material: ObservedMaterial,
  owner: MaterialOwner | undefined,
): boolean {
  const ownership = ownershipOf(key, material, owner);
  assert(ownership !== 'unclear', 'MATERIAL_OWNER', unclearOwner(key, material));
  return ownership !== 'another';
}

/**
 * Deletes staged material, by its ID, and not while a rotation makes it permanent.
 *
 * @throws {@link ByokError} `ROTATION_IN_PROGRESS`, `MATERIAL_OWNER`, `KMS_*`, `TIMEOUT`
 */
export async function dropStaged(
  key: ObservedKey,
  keyMaterialId: string,
  owner: MaterialOwner | undefined,
  { kms, signal }: { readonly kms: KmsClient; readonly signal: AbortSignal },
): Promise<void> {
  const { keyArn, keyState } = key;
  const held = key.materials.find((material) => material.keyMaterialId === keyMaterialId);
  if (held !== undefined) assertNotAnothers(key, held, owner);
  // A key that lacks material does not rotate, and KMS answers no question about its rotations.
  const isRotating = keyState !== 'PendingImport' && (await kms.isRotating(keyArn, signal));
  assert(
    !isRotating,
    'ROTATION_IN_PROGRESS',
    `${keyArn} is being rotated to the material that was to be replaced (KeyMaterialId ${keyMaterialId}): let the rotation end, run pulumi refresh, and stage further material with a further resource`,
  );
  await kms.deleteKeyMaterial(keyArn, keyMaterialId, signal);
}
