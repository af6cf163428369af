import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package as Node.js finds it from a folder. */
export interface InstalledPackage {
  readonly version: string;
  readonly folder: string;
}

/** Looks for a package in the node_modules folders from a folder upwards. */
export function installedPackage(name: string, from: string): InstalledPackage | undefined {
  for (const folder of upwards(from)) {
    const found = join(folder, 'node_modules', name);
    const manifest = join(found, 'package.json');
    if (!existsSync(manifest)) continue;
    try {
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        readonly version?: string;
      };
      return { version: version ?? 'unknown', folder: found };
    } catch {
      return { version: 'unknown', folder: found };
    }
  }
  return undefined;
}

/** Returns the first folder, from here upwards, that has an entry with one of these names. */
export function folderWith(names: readonly string[], from: string): string | undefined {
  return upwards(from).find((folder) => names.some((name) => existsSync(join(folder, name))));
}

function upwards(from: string): string[] {
  const folders = [from];
  for (let folder = from; dirname(folder) !== folder;) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}
