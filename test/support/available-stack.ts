import { join } from 'node:path';
import { OfflineStack } from 'pulumi-offline-engine';
import type { ProgramFolder } from '../../packages/pulumi-offline-engine/test/support/program-folder';
import { ENGINE, PulumiCli } from './pulumi-cli';

interface Surroundings {
  readonly config?: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes a stack under the real engine where there is one, and otherwise under the offline engine: both show the same. */
export async function availableStack(
  { programFolder: projectDir, engineFolder: folder }: ProgramFolder,
  surroundings: Surroundings,
): Promise<OfflineStack | PulumiCli> {
  return ENGINE === undefined
    ? new OfflineStack({ projectDir, stateFile: join(folder, 'state.json'), ...surroundings })
    : PulumiCli.create({ projectDir, folder, ...surroundings });
}
