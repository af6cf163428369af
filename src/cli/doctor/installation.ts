import { diagnoseSdk } from './aws-sdk';
import type { Diagnosis } from './diagnosis';
import { folderWith } from './installed-package';
import { diagnosePlugin, pluginSource } from './plugin';
import { diagnoseMaterialFiles } from './material-files';
import { diagnoseProject, programFolder, settingsOf } from './project';
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
    ...(await diagnoseMaterialFilesOf(project, env)),
    ...(await diagnosePluginOf(project, own, env)),
    ...diagnoseSdk(own),
  ];
}

async function diagnoseMaterialFilesOf(from: string, env: NodeJS.ProcessEnv): Promise<Diagnosis[]> {
  const project = folderWith(['Pulumi.yaml', 'Pulumi.yml'], from);
  if (project === undefined) return [];
  return diagnoseMaterialFiles(programFolder(project, settingsOf(project)), env);
}

async function diagnosePluginOf(
  from: string,
  own: string,
  env: NodeJS.ProcessEnv,
): Promise<Diagnosis[]> {
  const project = folderWith(['Pulumi.yaml', 'Pulumi.yml'], from);
  const root = folderWith(['package.json'], own);
  if (project === undefined || root === undefined) return [];
  return diagnosePlugin(project, pluginSource(settingsOf(project)), root, env);
}
