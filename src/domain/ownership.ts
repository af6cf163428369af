import { createHash } from 'node:crypto';
import { ownerOf } from './description';
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

/** Makes an owner. */
export function newOwner(random: (size: number) => Buffer): MaterialOwner {
  return random(6).toString('hex');
}

/**
 * Makes the owner of a resource whose state has none: always the same one, so that an update whose state is
 * lost leaves material that its resource still knows as its own.
 */
export function ownerFromBefore(keyArn: string, keyMaterialId: string | undefined): MaterialOwner {
  return createHash('sha256')
    .update(`pulumi-kms-byok/owner\n${keyArn}\n${keyMaterialId ?? ''}`)
    .digest('hex')
    .slice(0, 12);
}
