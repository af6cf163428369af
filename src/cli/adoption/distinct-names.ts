import { isType } from '../../domain/type-tokens';
import type { ExportedMaterial } from './exported-material';
import { nameOf, type ExportedResource } from './stack-export';

/** Leaves room for an extension in a file name of 255 bytes. */
const STEM_LENGTH = 200;
/** Of a longer name, its end is kept too, because that is where {@link distinctNames} makes it distinct. */
const END_LENGTH = 100;

/**
 * Gives each material a distinct name, from which its file and its new resource get their names. Names in a
 * program repeat: a primary key and its replica may have the same, or keys of two components. The same export
 * always gives the same names, so a run after an interruption finds the files of the first run.
 *
 * @param state - the resources of the export
 */
export function distinctNames(
  materials: readonly ExportedMaterial[],
  state: readonly ExportedResource[],
): ReadonlyMap<ExportedMaterial, string> {
  const taken = new Map(
    state
      .filter((one) => isType(one.type, 'ImportedKeyMaterial') && one.delete !== true)
      .map(({ urn, outputs }) => [nameOf(urn), outputs?.keyArn] as const),
  );
  const isTaken = ({ keyArn }: ExportedMaterial, name: string): boolean => {
    const resource = materialName(name);
    return taken.has(resource) && taken.get(resource) !== keyArn;
  };
  const names = new Map<ExportedMaterial, string>();
  const stems = new Set<string>();
  const give = (one: ExportedMaterial, candidate: string): boolean => {
    const stem = fileStem(candidate).toLowerCase();
    if (stems.has(stem) || isTaken(one, candidate)) return false;
    stems.add(stem);
    names.set(one, candidate);
    return true;
  };
  // A key that the stack still manages gets its plain name first, before another key can take it.
  for (const one of materials) if (one.onlyKept === undefined) give(one, one.name);
  for (const one of materials) {
    if (names.has(one)) continue;
    const [region, id] = regionAndId(one);
    const base = one.onlyKept === undefined ? one.name : `${one.name}-${one.onlyKept}`;
    const candidates = [base, `${base}-${region}`, `${base}-${region}-${id}`];
    for (let number = 2; !candidates.some((candidate) => give(one, candidate)); number += 1) {
      candidates.splice(0, candidates.length, `${base}-${number}`);
    }
  }
  // Entries are in the order of the export.
  return new Map(materials.map((one) => [one, names.get(one) ?? one.name]));
}

/** Returns the name of the resource that takes material over. */
export function materialName(name: string): string {
  return `${name}-material`;
}

/** Returns a name in a form that every file system takes as part of a file name. */
export function fileStem(name: string): string {
  const stem = name.replace(/[^A-Za-z0-9._-]/g, '_');
  return stem.length <= STEM_LENGTH
    ? stem
    : stem.slice(0, STEM_LENGTH - END_LENGTH) + stem.slice(-END_LENGTH);
}

// Not parsed strictly, because a key that cannot be adopted may have no ARN.
function regionAndId({ keyArn = '' }: ExportedMaterial): readonly [string, string] {
  return [keyArn.split(':')[3] ?? '', keyArn.split('/')[1] ?? ''];
}
