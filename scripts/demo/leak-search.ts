import { readFileSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { searchMaterial } from 'pulumi-offline-engine';
import { filesBelow } from '../../test/support/files';

/** Something that was printed. */
export interface Printed {
  readonly name: string;
  readonly content: string;
}

/** Result of a search for the material. */
export interface SearchResult {
  readonly places: number;
  readonly bytes: number;
  /** Number of places in each folder and output. */
  readonly groups: ReadonlyMap<string, number>;
  /** Places that contain the material, with the encoding. */
  readonly found: readonly string[];
  /** Whether the search finds the material in its own file. Without this, finding nothing would prove nothing. */
  readonly control: boolean;
}

/** Searches every file below a folder, and everything that was printed, for material. */
export function searchForLeaks(
  material: Buffer,
  materialFile: string,
  folder: string,
  printed: readonly Printed[],
): SearchResult {
  const groups = new Map<string, number>();
  const found: string[] = [];
  let places = 0;
  let bytes = 0;
  const look = (name: string, group: string, content: Buffer | string, size: number): void => {
    places += 1;
    bytes += size;
    groups.set(group, (groups.get(group) ?? 0) + 1);
    for (const encoding of searchMaterial(material, content)) found.push(`${name} (${encoding})`);
  };
  for (const file of filesBelow(folder)) {
    const name = relative(folder, file);
    look(name, `files in ${dirname(name)}`, readFileSync(file), statSync(file).size);
  }
  for (const { name, content } of printed) look(name, name, content, content.length);
  const control = searchMaterial(material, readFileSync(materialFile)).includes('raw');
  return { places, bytes, groups, found, control };
}
