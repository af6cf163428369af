import { IMPORTED_KEY_MATERIAL } from '../../domain/type-tokens';
import type { HeldMaterial } from './held-material';
import { nameOf, type ExportedResource } from './stack-export';

/** Leaves room for an extension in a file name of 255 bytes. */
const STEM_LENGTH = 200;

/**
 * Gives every resource a name of its own, from which its file and its new resource are named. Names of a
 * program repeat: a primary key and its replica, or keys of two components. The same export always gives the
 * same names, so that a run after an interruption finds the files of the first.
 *
 * @param state - the resources of the export, whose names are taken
 */
export function distinctNames(
  held: readonly HeldMaterial[],
  state: readonly ExportedResource[],
): ReadonlyMap<HeldMaterial, string> {
  const taken = new Map(
    state
      .filter((one) => one.type === IMPORTED_KEY_MATERIAL && one.delete !== true)
      .map(({ urn, outputs }) => [nameOf(urn), outputs?.keyArn] as const),
  );
  const isTaken = ({ keyArn }: HeldMaterial, name: string): boolean => {
    const resource = materialName(name);
    return taken.has(resource) && taken.get(resource) !== keyArn;
  };
  const names = new Map<HeldMaterial, string>();
  const stems = new Set<string>();
  const give = (one: HeldMaterial, candidate: string): boolean => {
    const stem = fileStem(candidate).toLowerCase();
    if (stems.has(stem) || isTaken(one, candidate)) return false;
    stems.add(stem);
    names.set(one, candidate);
    return true;
  };
  // The plain name is for a key that goes on, and nobody else's longer name takes it away.
  for (const one of held) if (one.onlyKept === undefined) give(one, one.name);
  for (const one of held) {
    if (names.has(one)) continue;
    const [region, id] = regionAndId(one);
    const base = one.onlyKept === undefined ? one.name : `${one.name}-${one.onlyKept}`;
    const candidates = [base, `${base}-${region}`, `${base}-${region}-${id}`];
    for (let number = 2; !candidates.some((candidate) => give(one, candidate)); number += 1) {
      candidates.splice(0, candidates.length, `${base}-${number}`);
    }
  }
  // In the order of the export.
  return new Map(held.map((one) => [one, names.get(one) ?? one.name]));
}

/** Name of the resource that takes material over. */
export function materialName(name: string): string {
  return `${name}-material`;
}

/** A name as part of the name of a file, on every file system. */
export function fileStem(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, STEM_LENGTH);
}

// Not read strictly: a key that cannot be adopted may have no ARN.
function regionAndId({ keyArn = '' }: HeldMaterial): readonly [string, string] {
  return [keyArn.split(':')[3] ?? '', keyArn.split('/')[1] ?? ''];
}
