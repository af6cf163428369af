import { diagnoseSdk } from './aws-sdk';
import type { Diagnosis } from './diagnosis';
import { diagnoseProject } from './project';
import { diagnosePulumiCli } from './pulumi-cli';
import { diagnoseRuntime } from './runtime';

/**
 * Checks everything on this machine that an update needs.
 *
 * @param project - a folder of the project
 * @param own - a folder of this package
 */
export async function diagnoseInstallation(
  project: string,
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  return [
    ...diagnoseRuntime(process.versions.node),
    await diagnosePulumiCli(env),
    ...diagnoseProject(project),
    ...diagnoseSdk(own),
  ];
}
