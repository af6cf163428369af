import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Returns the first executable of a name in some folders; undefined if none has it. */
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
