import { createHash } from 'node:crypto';
import { assert } from '../errors';
import { ownerOf } from './fingerprint';
import { takesDescription } from './import-plan';
import type { ObservedKey, ObservedMaterial } from './observation';

/** Says which resource imported material last: 12 hex digits, random, in the description that KMS keeps. */
export type MaterialOwner = string;

/**
 * Whose material it is, by what KMS keeps. `ours`: of this resource. `another`: a resource that imported it
 * later, such as the one that it moved to. `unclear`: somebody took the mark away. `unmarked`: KMS keeps no
 * description of this material, because the key lists none or is a replica.
 */
export type Ownership = 'ours' | 'another' | 'unclear' | 'unmarked';

/**
 * Decides whether material may be deleted for a resource.
 *
 * @param owner - what the resource wrote at its last import; undefined in state from before there were owners
 */
export function ownershipOf(
  key: ObservedKey,
  material: ObservedMaterial,
  owner: MaterialOwner | undefined,
): Ownership {
  if (!takesDescription(key)) return 'unmarked';
  const held = ownerOf(material.description);
  if (held === owner) return 'ours';
  return held === undefined ? 'unclear' : 'another';
}

/**
 * Decides whose material an import makes it: that of the resource, under the same owner in every import.
 *
 * A resource whose state is from before there were owners always gets the same one, so an update whose state
 * is lost leaves material that its resource still recognises.
 *
 * @param previous - what state has of an earlier import by the resource; undefined before the first
 */
export function ownerAtImport(
  keyArn: string,
  previous:
    | {
        readonly materialOwner?: MaterialOwner | undefined;
        readonly keyMaterialId?: string | undefined;
      }
    | undefined,
  random: (size: number) => Buffer,
): MaterialOwner {
  if (previous === undefined) return random(6).toString('hex');
  if (previous.materialOwner !== undefined) return previous.materialOwner;
  return createHash('sha256')
    .update(`pulumi-kms-byok/owner\n${keyArn}\n${previous.keyMaterialId ?? ''}`)
    .digest('hex')
    .slice(0, 12);
}

/**
 * Refuses to delete material of which KMS does not say whose it is, or of another resource.
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
