import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programFolder } from '../project';
import { RECIPE, type AwsCli } from './aws-cli';
import { awsEnvironment, type Importer } from './importer';
import { runCommand } from './run-command';

/** Name of this peer, even if it is absent. */
export const TERRAFORM = 'terraform_data with local-exec';

/** Returns the version of the `terraform` on PATH; undefined if there is none. */
export function terraformVersion(): string | undefined {
  try {
    const output = execFileSync('terraform', ['version', '-json'], {
      encoding: 'utf8',
      env: { ...process.env, CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return (JSON.parse(output) as { readonly terraform_version: string }).terraform_version;
  } catch {
    return undefined;
  }
}

/** Runs the same recipe as the provisioner of a resource for each key. */
export function terraform(
  version: string,
  cli: Exclude<AwsCli, { readonly missing: string }>,
): Importer {
  return {
    name: TERRAFORM,
    how: `terraform apply by Terraform ${version}, which runs bench/recipe.sh with ${cli.version} for ten keys at a time`,
    prepare: async (target) => {
      const { path, remove } = programFolder('terraform');
      writeFileSync(join(path, 'PlaintextKeyMaterial.bin'), target.material);
      writeFileSync(
        join(path, 'terraform.tfvars.json'),
        JSON.stringify({ key_ids: target.keyArns, recipe: RECIPE }),
      );
      const options = {
        cwd: path,
        env: { ...awsEnvironment(target), PATH: cli.path, CHECKPOINT_DISABLE: '1' },
      };
      await runCommand('terraform', ['init', '-input=false'], options);
      const apply = ['apply', '-auto-approve', '-input=false'];
      return { run: () => runCommand('terraform', apply, options), remove };
    },
  };
}
