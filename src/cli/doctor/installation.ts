import { diagnoseSdk } from './aws-sdk';
import type { Diagnosis } from './diagnosis';
import { folderWith } from './installed-package';
import { diagnosePlugin } from './plugin';
import { diagnoseMaterialFiles } from './material-files';
import { diagnoseProject } from './project';
import { pluginSource, programFolder, type Project } from './project-file';
import { diagnosePulumiCli } from './pulumi-cli';
import { diagnoseRuntime } from './runtime';

/**
 * Checks everything on this machine that an update needs.
 *
 * @param own - a folder of this package
 */
export async function diagnoseInstallation(
  project: Project | undefined,
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  return [
    ...diagnoseRuntime(process.versions.node),
    await diagnosePulumiCli(env),
    ...diagnoseProject(project),
    ...(project === undefined ? [] : await diagnoseMaterialFiles(programFolder(project), env)),
    ...(await diagnosePluginOf(project, own, env)),
    ...diagnoseSdk(own),
  ];
}

async function diagnosePluginOf(
  project: Project | undefined,
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  const root = folderWith(['package.json'], own);
  if (project === undefined || root === undefined) return [];
  return diagnosePlugin(project.folder, pluginSource(project), root, env);
}
