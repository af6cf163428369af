import { join } from 'node:path';
import { ByokError, assert } from '../../errors';
import { namedSource, type NamedSource } from '../material-option';
import { fileStem } from './distinct-names';
import type { ExportedMaterial } from './exported-material';

/** The new place of the material of a resource. */
export type Place =
  | { readonly kind: 'named'; readonly source: NamedSource }
  | { readonly kind: 'file'; readonly path: string }
  /** In the new export, encrypted: `--extract` cannot read it, and no `--material` may name it. */
  | { readonly kind: 'state' }
  /** In the new export, unchanged: `--skip` names the key. */
  | { readonly kind: 'skipped' };

/** The options that name the new places of material. */
export interface ChosenPlaces {
  /** Values of `--material`, `NAME=SOURCE` each. */
  readonly material?: readonly string[];
  /** Folder to which material is written. */
  readonly extract?: string;
  /** Names or URNs of keys that stay as they are. */
  readonly skip?: readonly string[];
}

/**
 * Chooses a place for each material of an export, from the options `--material`, `--extract` and `--skip`.
 *
 * @param names - the distinct name of each material
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `MATERIAL_MISSING`
 */
export function choosePlaces(
  names: ReadonlyMap<ExportedMaterial, string>,
  { material: given = [], extract: folder, skip = [] }: ChosenPlaces,
): ReadonlyMap<ExportedMaterial, Place> {
  const named = sourcesByKey(names, given);
  const skipped = new Set(skip.map((name) => skippedKey(name, names)));
  const placeOf = (one: ExportedMaterial, name: string): Place => {
    const source = named.get(one);
    assert(
      source === undefined || !skipped.has(one),
      'MATERIAL_SOURCE',
      `both --material and --skip name ${one.urn}: remove one of them`,
    );
    if (skipped.has(one)) return { kind: 'skipped' };
    if (source !== undefined) return { kind: 'named', source };
    if (one.bytes !== undefined && folder !== undefined) {
      return { kind: 'file', path: join(folder, `${fileStem(name)}.bin`) };
    }
    if (one.bytes === undefined && one.onlyKept !== undefined) return { kind: 'state' };
    throw missing(one, name);
  };
  return new Map([...names].map(([one, name]) => [one, placeOf(one, name)]));
}

function sourcesByKey(
  names: ReadonlyMap<ExportedMaterial, string>,
  given: readonly string[],
): ReadonlyMap<ExportedMaterial, NamedSource> {
  const sources = new Map<ExportedMaterial, NamedSource>();
  for (const text of given) {
    const { key, source } = keyNamedIn(text, names);
    assert(!sources.has(key), 'MATERIAL_SOURCE', `--material names ${key.urn} twice`);
    sources.set(key, namedSource({ material: source }));
  }
  return sources;
}

function skippedKey(
  wanted: string,
  names: ReadonlyMap<ExportedMaterial, string>,
): ExportedMaterial {
  const found = [...names].flatMap(([key, own]) =>
    [key.urn, key.name, own].includes(wanted) ? key : [],
  );
  // If several keys share a name, a distinct name or a URN still identifies one of them.
  const [key, another] =
    found.length > 1
      ? found.filter((one) => names.get(one) === wanted || one.urn === wanted)
      : found;
  assert(
    key !== undefined && another === undefined,
    'MATERIAL_SOURCE',
    found.length > 1
      ? `--skip names ${wanted}, but ${found.length} keys have that name: give a URN instead, ${found.map(({ urn }) => urn).join(' or ')}`
      : `--skip names ${wanted}, but no key of the export with material has that name`,
  );
  return key;
}

function keyNamedIn(
  text: string,
  names: ReadonlyMap<ExportedMaterial, string>,
): { readonly key: ExportedMaterial; readonly source: string } {
  // A name may contain an equals sign, so the longest name that fits is the right one.
  const fitting = [...names]
    .filter(([{ onlyKept }]) => onlyKept === undefined)
    .flatMap(([key, own]) => [key.urn, key.name, own].map((name) => ({ key, name })))
    .filter(({ name }) => text.startsWith(`${name}=`))
    .sort((a, b) => b.name.length - a.name.length);
  const [first] = fitting;
  if (first === undefined) {
    const separator = text.indexOf('=');
    throw new ByokError(
      'MATERIAL_SOURCE',
      separator > 0
        ? `--material names ${text.slice(0, separator)}, but no key of the export with material has that name`
        : '--material needs the name of a key before the source, such as root=file:root.bin',
    );
  }
  const keys = new Set(fitting.filter(({ name }) => name === first.name).map(({ key }) => key));
  assert(
    keys.size === 1,
    'MATERIAL_SOURCE',
    `--material names ${first.name}, but ${keys.size} keys have that name: give a URN instead, ${[...keys].map(({ urn }) => urn).join(' or ')}`,
  );
  return { key: first.key, source: text.slice(first.name.length + 1) };
}

function missing({ urn, bytes, onlyKept }: ExportedMaterial, name: string): ByokError {
  if (onlyKept !== undefined) {
    return new ByokError(
      'MATERIAL_MISSING',
      `${urn} is ${onlyKept === 'external' ? 'external' : 'pending deletion'}, so its material can only be kept in a file: give --extract FOLDER`,
    );
  }
  return new ByokError(
    'MATERIAL_MISSING',
    `${urn} needs a new source for its material: give --material ${name}=SOURCE, or ${
      bytes === undefined
        ? 'export the stack with --show-secrets and give --extract FOLDER'
        : '--extract FOLDER'
    }`,
  );
}
