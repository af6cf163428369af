import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeArchives } from './archives';
import { ROOT } from './bundle';
import { writePluginFolder } from './folder';
import { tagPlugin } from './tag';

// Usage: npm run plugin:release [-- --tag]
async function main(): Promise<void> {
  const folder = join(ROOT, 'release');
  const plugin = join(folder, 'plugin');
  mkdirSync(folder, { recursive: true });
  await writePluginFolder(plugin);
  for (const file of writeArchives(plugin, folder)) console.log(file);
  if (!process.argv.includes('--tag')) return;
  const tag = tagPlugin(ROOT, plugin);
  console.log(`tag ${tag}: git push origin ${tag}`);
}

void main();
