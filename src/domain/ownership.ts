import { assert } from '../errors';
import { ownerOf } from './fingerprint';
import { takesDescription } from './import-plan';
import type { ObservedKey, ObservedMaterial } from './observation';

/** Identifies the resource that imported material last: 12 random hex digits, in the description in KMS. */
export type MaterialOwner = string;

/**
 * The owner of material, from its description in KMS. `ours`: this resource. `another`: a resource that imported
 * it later, for example because the program moved it. `unclear`: somebody removed the mark. `unmarked`: this
 * material has no description, because KMS lists no materials of the key or the key is a replica.
 */
export type Ownership = 'ours' | 'another' | 'unclear' | 'unmarked';

/**
 * Compares the owner of material with a resource.
 *
 * @param owner - the owner that the resource wrote with its last import; undefined in older state
 */
export function ownershipOf(
  key: ObservedKey,
  material: ObservedMaterial,
  owner: MaterialOwner | undefined,
): Ownership {
  if (!takesDescription(key)) return 'unmarked';
  const present = ownerOf(material.description);
  if (present === owner) return 'ours';
  return present === undefined ? 'unclear' : 'another';
}

/**
 * Refuses to delete material of another resource, or material without a clear owner.
 *
 * @throws {@link ByokError} `MATERIAL_OWNER`
 */
export function assertNotAnothers(
  key: ObservedKey,
  material: ObservedMaterial,
  owner: MaterialOwner | undefined,
): void {
  const ownership = ownershipOf(key, material, owner);
  assert(
    ownership === 'ours' || ownership === 'unmarked',
    'MATERIAL_OWNER',
    ownership === 'another'
      ? `another resource has imported the material ${material.keyMaterialId ?? ''} of ${key.keyArn} since, so it is not deleted for this one: remove one of the two resources`
      : unclearOwner(key, material),
  );
}

function unclearOwner({ keyArn }: ObservedKey, { keyMaterialId }: ObservedMaterial): string {
  return `the material ${keyMaterialId ?? ''} of ${keyArn} no longer names its owner, because it was imported with another description: run pulumi refresh and an update, which mark it again; or delete it by hand, and the resource with pulumi state delete`;
}

/**
 * Decides whether the delete of a resource also deletes its material.
 *
 * @returns false if another resource has imported the material since, because that one owns it now
 * @throws {@link ByokError} `MATERIAL_OWNER` if the owner is unclear
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
