import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HOW_TO = join(__dirname, '..', '..', 'docs', 'how-to');

/** Returns the blocks of a how-to page in one language, below a heading. */
export function blocksBelow(
  page: string,
  heading: string,
  language: 'sh' | 'ts' | 'yaml',
): string[] {
  const sections = readFileSync(join(HOW_TO, page), 'utf8').split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${page} has no heading ${heading}`);
  const blocks = section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'));
  return Array.from(blocks, ([, text = '']) => text);
}

/**
 * Writes the script that a how-to page shows below a heading into a folder, and returns its path. The comment in its
 * second line has its name.
 */
export function writeDocumentedScript(page: string, heading: string, folder: string): string {
  const [script = ''] = blocksBelow(page, heading, 'sh');
  const name = /^#!\/bin\/sh\n# (\S+)/.exec(script)?.[1];
  if (name === undefined) throw new Error(`${page} shows no script below ${heading}`);
  const file = join(folder, name);
  writeFileSync(file, script, { mode: 0o700 });
  return file;
}
