import { ENGINE } from '../../test/support/pulumi-cli';
import { PLUGIN } from '../project';
import { realStack } from '../real-stack';
import { awsEnvironment, type Importer } from './importer';

/** Name of the real engine, even if it is absent. */
export const ENGINE_MISSING = 'there is no pulumi on PATH, nor what npm run engine installs';

/** Updates a new stack of the real engine with a program of `bench/programs`. */
export function updateOf(
  program: string,
  name: string,
  { importsNothing = false }: Pick<Importer, 'importsNothing'> = {},
): Importer {
  return {
    name,
    how: `pulumi up --yes --skip-preview by pulumi ${ENGINE?.version ?? ''}, its backend in a folder`,
    importsNothing,
    prepare: async (target) => {
      const config = {
        keyIds: JSON.stringify(target.keyArns),
        count: String(target.keyArns.length),
        endpoint: target.url,
        plugin: PLUGIN,
        'kms-byok:region': target.region,
        'kms-byok:endpoint': target.url,
        'aws:region': target.region,
        'aws:endpoints': JSON.stringify([{ kms: target.url }]),
      };
      const env = {
        ...awsEnvironment(target),
        BENCH_MATERIAL: target.material.toString('base64'),
      };
      const { stack, remove } = await realStack(program, config, env);
      const run = async (): Promise<void> => {
        const { ok, output } = await stack.upUnobserved();
        if (!ok) throw new Error(output);
      };
      return { run, remove };
    },
  };
}
