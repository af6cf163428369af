import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePlugin, packageVersion, ROOT } from './bundle';
import { licensesOf } from './licenses';

/** Files that only the CLI needs that installs the plugin from Git, or runs it on Windows. */
export const FOR_LANGUAGE_HOST = ['PulumiPlugin.yaml', 'package.json', 'start'] as const;

/**
 * Fills a folder with the plugin as it is released: without dependencies, so that its host has nothing to install from a
 * registry.
 */
export async function writePluginFolder(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'start', 'cmd', 'run-plugin'), { recursive: true });
  const metafile = await bundlePlugin(join(folder, 'index.js'));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES'), licensesOf(metafile));
  for (const file of ['PulumiPlugin.yaml', 'pulumi-resource-kms-byok', 'schema.json']) {
    copyFileSync(join(ROOT, 'plugin', file), join(folder, file));
  }
  copyFileSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  writeJson(join(folder, 'package.json'), {
    name: 'pulumi-resource-kms-byok',
    version: packageVersion(),
    license: 'Apache-2.0',
    private: true,
    dependencies: { [SDK]: 'file:start' },
  });
  writeJson(join(folder, 'start', 'package.json'), {
    name: SDK,
    version: packageVersion(),
    license: 'Apache-2.0',
    private: true,
    description:
      'The only file of the SDK that the Node.js language host asks for to run a plugin.',
  });
  writeFileSync(join(folder, 'start', 'cmd', 'run-plugin', 'index.js'), RUN_PLUGIN);
}

// The Node.js language host runs the file cmd/run-plugin of this package with the folder of the plugin and the address
// of the engine. The whole package would come from a registry, and load TypeScript first.
const SDK = '@pulumi/pulumi';
const RUN_PLUGIN = "require('../../../index.js');\n";

function writeJson(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
}
