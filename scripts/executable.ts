import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Returns the first of some folders' executables of a name; undefined where no folder has one. */
export function executableIn(folders: readonly string[], name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  return folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((each) => join(folder, each)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
