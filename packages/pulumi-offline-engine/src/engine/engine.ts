import { resolve } from 'node:path';

import type { OfflineStackOptions, RunReport } from './contract';
import { runStack, type Run } from './run';
import { readState, type OfflineState } from './state';

/**
 * One stack of a Pulumi program, for tests without the Pulumi CLI. The SDK's own entry runs the unmodified
 * program, and the SDK's own provider process runs its dynamic resources. Only the engine between them is
 * different: it is small, and it is not Pulumi's.
 *
 * A run that fails resolves with a report that says so. The methods reject only when the run cannot begin,
 * for example without a project or an SDK, or with a wrong passphrase.
 */
export class OfflineStack {
  readonly #options: OfflineStackOptions;

  constructor(options: OfflineStackOptions) {
    this.#options = options;
  }

  /** Reports what `up` would do. */
  preview(): Promise<RunReport> {
    return runStack('preview', this.#options, withProgram);
  }

  /** Creates, updates and deletes resources as the program says. */
  up(): Promise<RunReport> {
    return runStack('up', this.#options, withProgram);
  }

  /** Updates the state to what the providers find, without running the program. */
  refresh(): Promise<RunReport> {
    return runStack('refresh', this.#options, ({ deployment }) => deployment.refresh());
  }

  /** Deletes all resources, without running the program. */
  destroy(): Promise<RunReport> {
    return runStack('destroy', this.#options, ({ deployment }) => deployment.deleteRest());
  }

  /** Reads the state from disk, with its secrets encrypted. */
  exportState(): OfflineState {
    return readState(resolve(this.#options.stateFile));
  }
}

async function withProgram({ deployment, log, program }: Run): Promise<void> {
  await program();
  if (log.ok) await deployment.deleteRest();
}
