import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';

export const ROOT = join(__dirname, '..', '..');

const BUNDLED = 'scripts/plugin-release/bundled';

/** Modules that find others when they run, each with one whose imports a bundler sees; and modules of no use here. */
const REPLACED: Readonly<Record<string, string>> = {
  // Pulumi serializes functions with them. No resource of this package has one.
  '@npmcli/arborist': `${BUNDLED}/nothing.ts`,
  'node_modules/@pulumi/pulumi/typescript-shim': `${BUNDLED}/nothing.ts`,
  'src/aws/load-metadata-service': `${BUNDLED}/load-metadata-service.ts`,
  'src/component/load-aws': `${BUNDLED}/load-aws.ts`,
  'src/material/pkcs11/token-client': `${BUNDLED}/no-tokens.ts`,
  'src/plugin/pulumi-sdk': `${BUNDLED}/pulumi-sdk.ts`,
  'src/plugin/whole-sdk': `${BUNDLED}/whole-sdk.ts`,
};

function replaceInto(replaced: Set<string>): Plugin {
  return {
    name: 'replace',
    setup(build) {
      build.onResolve({ filter: /^\.|^@npmcli\/arborist$/ }, ({ path, resolveDir }) => {
        const name = path.startsWith('.') ? relative(ROOT, join(resolveDir, path)) : path;
        const replacement = REPLACED[name];
        if (replacement === undefined) return undefined;
        replaced.add(name);
        return { path: join(ROOT, replacement) };
      });
    },
  };
}

/** The version of the package. */
export function packageVersion(): string {
  const text = readFileSync(join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * Bundles the plugin with everything that it uses into one file, which needs only Node.js.
 *
 * @returns what is in the file
 * @throws Error if a module that has to be replaced was not imported
 */
export async function bundlePlugin(outfile: string): Promise<Metafile> {
  const replaced = new Set<string>();
  const { metafile } = await bundle({
    absWorkingDir: ROOT,
    entryPoints: [`${BUNDLED}/entry.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'utf8',
    minifyWhitespace: true,
    legalComments: 'none',
    define: { VERSION: JSON.stringify(packageVersion()) },
    plugins: [replaceInto(replaced)],
    metafile: true,
    logLevel: 'warning',
  });
  const missed = Object.keys(REPLACED).filter((name) => !replaced.has(name));
  if (missed.length > 0) throw new Error(`the plugin imports no ${missed.join(', ')} any more`);
  return metafile;
}
