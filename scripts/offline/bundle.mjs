// Bundles `kms-byok wrap`, `fingerprint` and `verify` of files into one file that needs only Node.js.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative, resolve } from 'node:path';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Usage: node scripts/offline/bundle.mjs [FILE]
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Modules that reach a network or another file, each with its replacement. */
const REPLACED = {
  'src/cli/secrets': 'src/cli/offline/no-secrets.ts',
  'src/material/pkcs11/token-client': 'src/cli/offline/no-tokens.ts',
};

const replace = {
  name: 'replace',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const replacement = REPLACED[relative(ROOT, join(resolveDir, path))];
      return replacement === undefined ? undefined : { path: join(ROOT, replacement) };
    });
  },
};

await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/cli/offline/main.ts'],
  outfile: resolve(process.argv[2] ?? join(ROOT, 'dist/cli/offline/kms-byok-offline.js')),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'utf8',
  legalComments: 'inline',
  define: { VERSION: JSON.stringify(version) },
  plugins: [replace],
  logLevel: 'warning',
});
