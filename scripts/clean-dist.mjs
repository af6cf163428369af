import { rmSync } from 'node:fs';

for (const folder of ['..', '../packages/embedded-kms', '../packages/pulumi-offline-engine']) {
  // Without what tsc -b remembers, or it takes what was removed for built.
  for (const name of ['dist', 'tsconfig.build.tsbuildinfo']) {
    rmSync(new URL(`${folder}/${name}`, import.meta.url), { recursive: true, force: true });
  }
}
