import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECIPE, type AwsCli } from './aws-cli';
import { awsEnvironment, type Importer } from './importer';
import { runCommand } from './run-command';

/** Name of this peer, even if it is absent. */
export const SHELL_LOOP = 'the AWS CLI and OpenSSL in a shell loop';

/** Runs the recipe of the AWS documentation, one key after the other. */
export function shellLoop({ version, path }: Exclude<AwsCli, { missing: string }>): Importer {
  return {
    name: SHELL_LOOP,
    how: `bench/recipe.sh with ${version}`,
    prepare: (target) => {
      const folder = mkdtempSync(join(tmpdir(), 'byok-bench-'));
      const material = join(folder, 'PlaintextKeyMaterial.bin');
      writeFileSync(material, target.material);
      const env = { ...awsEnvironment(target), PATH: path };
      return Promise.resolve({
        run: () => runCommand('sh', [RECIPE, material, ...target.keyArns], { cwd: folder, env }),
        remove: () => {
          rmSync(folder, { recursive: true, force: true });
        },
      });
    },
  };
}
