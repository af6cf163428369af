import { resolve } from 'node:path';

import { resolveConfig } from './config';
import type { OfflineStackOptions, RunReport } from './contract';
import { Deployment } from './deployment';
import { startServer } from './monitor';
import { startPlugin } from './plugins';
import { runProgram } from './program';
import { readProject } from './project';
import { ProviderRegistry } from './provider-registry';
import { RunLog } from './run-log';
import { loadSdk } from './sdk';
import { Snapshot } from './snapshot';
import { readState, StateFile, type OfflineState } from './state';
import { DYNAMIC_PACKAGE } from './urn';

/** Pulumi's own default is four for each core. */
const DEFAULT_PARALLEL = 16;

interface Run {
  readonly deployment: Deployment;
  readonly log: RunLog;
  /** Runs the program to its end. */
  readonly program: () => Promise<void>;
}

/**
 * One stack of one Pulumi program, run without Pulumi: a test instrument. The program is run unmodified
 * by the SDK's own entry and its dynamic resources by the SDK's own provider process; what stands between
 * them is written anew and small, and is not Pulumi.
 *
 * A run that fails resolves with a report that says so. The methods reject only when a run cannot begin:
 * no project, no SDK, a wrong passphrase.
 */
export class OfflineStack {
  readonly #options: OfflineStackOptions;

  constructor(options: OfflineStackOptions) {
    this.#options = options;
  }

  /** Shows what `up` would do. */
  preview(): Promise<RunReport> {
    return this.#run('preview', withProgram);
  }

  /** Brings about what the program says. */
  up(): Promise<RunReport> {
    return this.#run('up', withProgram);
  }

  /** Records what the providers find, without running the program. */
  refresh(): Promise<RunReport> {
    return this.#run('refresh', ({ deployment }) => deployment.refresh());
  }

  /** Deletes everything, without running the program. */
  destroy(): Promise<RunReport> {
    return this.#run('destroy', ({ deployment }) => deployment.deleteRest());
  }

  /** The state as it is on disk, with its secrets encrypted. */
  exportState(): OfflineState {
    return readState(resolve(this.#options.stateFile));
  }

  async #run(name: string, body: (run: Run) => Promise<void>): Promise<RunReport> {
    const options = this.#options;
    const preview = name === 'preview';
    const { parallel = DEFAULT_PARALLEL } = options;
    const project = readProject(options.projectDir);
    const sdk = loadSdk(project.programDir);
    const config = resolveConfig(project, options.config);
    const stackName = options.stackName ?? 'dev';
    const env = { ...process.env, ...options.env };
    const file = new StateFile(resolve(options.stateFile), options.passphrase ?? 'offline');
    const snapshot = new Snapshot(file, preview);
    const log = new RunLog(config, options.onLine);
    log.line(`${name} of the stack ${stackName} of ${project.name}`);
    const onLine = (line: string): void => {
      if (line.trim() !== '') log.diagnostic(line);
    };
    let engineAddress = '';
    const providers = new ProviderRegistry((pkg) =>
      startPlugin(pkg, {
        sdk,
        project,
        env,
        engineAddress,
        onLine,
        onProvider: options.onProvider ?? (() => undefined),
      }),
    );
    const parts = {
      stackName,
      projectName: project.name,
      config,
      preview,
      parallel,
      snapshot,
      providers,
      log,
    };
    const deployment = new Deployment(parts);
    const server = await startServer(sdk, deployment, log);
    engineAddress = server.address;
    const program = async (): Promise<void> => {
      // Both take most of their time to load the SDK; side by side, that passes once.
      providers.prepare(DYNAMIC_PACKAGE);
      const complaint = await runProgram({
        sdk,
        project,
        stackName,
        config,
        env,
        engineAddress,
        preview,
        onLine,
        parallel,
        failed: deployment.failed,
      });
      if (complaint !== undefined) log.failure(complaint);
      await deployment.settled();
    };
    try {
      await body({ deployment, log, program });
    } catch (error) {
      log.failure(error instanceof Error ? error.message : String(error));
    } finally {
      await providers.stop();
      server.stop();
    }
    return log.close(deployment.finish());
  }
}

async function withProgram({ deployment, log, program }: Run): Promise<void> {
  await program();
  if (log.ok) await deployment.deleteRest();
}
