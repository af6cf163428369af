import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOW_TO = join(__dirname, '..', '..', 'docs', 'how-to');

/**
 * Writes a script that a how-to page shows into a folder, and returns its path.
 *
 * @param name - of the script, in the comment of its second line
 */
export function writeDocumentedScript(page: string, name: string, folder: string): string {
  const blocks = readFileSync(join(HOW_TO, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm);
  const script = Array.from(blocks, ([, text = '']) => text).find((text) =>
    text.startsWith(`#!/bin/sh\n# ${name} `),
  );
  if (script === undefined) throw new Error(`${page} does not show ${name}`);
  const file = join(folder, name);
  writeFileSync(file, script, { mode: 0o700 });
  return file;
}
