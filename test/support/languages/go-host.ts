import { join } from 'node:path';
import { fromStruct } from '../../../packages/pulumi-offline-engine/src/engine/sdk';
import { programHost } from './program-host';

/** A language host of Go for tests. It runs the compiled program that the option `binary` in Pulumi.yaml names. */
export const goHost = programHost(({ request, engineAddress, folder, env }) => {
  const { binary = '' } = fromStruct(request.getInfo()?.getOptions()) as { binary?: string };
  return {
    file: join(folder, binary),
    args: [],
    cwd: folder,
    env: {
      ...env,
      PULUMI_MONITOR: request.getMonitorAddress(),
      PULUMI_ENGINE: engineAddress,
      PULUMI_ORGANIZATION: request.getOrganization(),
      PULUMI_PROJECT: request.getProject(),
      PULUMI_ROOT_DIRECTORY: request.getInfo()?.getRootDirectory() ?? folder,
      PULUMI_STACK: request.getStack(),
      PULUMI_DRY_RUN: String(request.getDryrun()),
      PULUMI_PARALLEL: String(request.getParallel()),
    },
  };
});
