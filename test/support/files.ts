import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder, links not followed. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Every file below a folder with its content. */
export function contentsBelow(
  folder: string,
): { readonly name: string; readonly content: Buffer }[] {
  return filesBelow(folder)
    .filter((name) => statSync(name).size < 64 * 1024 * 1024)
    .map((name) => ({ name, content: readFileSync(name) }));
}
