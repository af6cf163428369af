import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { SecretSealer } from './secrets';
import type { ValueMap } from './values';

/** What is recorded of one resource. */
export interface ResourceState {
  urn: string;
  type: string;
  /** Whether a provider serves it; components and the stack have none. */
  custom: boolean;
  id: string;
  inputs: ValueMap;
  outputs: ValueMap;
  parent: string;
  /** `urn::id` of the provider resource. */
  provider: string;
  dependencies: string[];
  protect: boolean;
  retainOnDelete: boolean;
  deletedWith: string;
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
  /** Why it was not completed by its last create or update. */
  initErrors: string[];
  /** Only read: something else owns it. */
  external: boolean;
  /** Replaced, and still to be deleted. */
  delete: boolean;
  /** Deleted for a replacement that is still to be created. */
  pendingReplacement: boolean;
}

/** A provider call that had begun when the state was written. */
export interface PendingOperation {
  readonly operation: 'creating' | 'updating' | 'deleting';
  readonly urn: string;
}

/** The state file. Secrets are encrypted in the form of Pulumi's own checkpoints. */
export interface OfflineState {
  readonly writtenBy: string;
  readonly version: 1;
  /** Turns the passphrase into the key. */
  readonly salt: string;
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** The state file as it stands, or an empty one. */
export function readState(path: string): OfflineState {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as OfflineState;
  const { salt } = new SecretSealer('');
  return { writtenBy: WRITER, version: 1, salt, resources: [], pendingOperations: [] };
}

const WRITER = 'offline test engine of pulumi-kms-byok (not Pulumi)';

/** Opens and writes one state file. */
export class StateFile {
  readonly #path: string;
  readonly #sealer: SecretSealer;
  /** The resources with their secrets open; yours to change. */
  readonly resources: ResourceState[];
  /** Calls that were cut short by the end of an earlier run. */
  readonly interrupted: readonly PendingOperation[];

  constructor(path: string, passphrase: string) {
    const state = readState(path);
    this.#path = path;
    this.#sealer = new SecretSealer(passphrase, state.salt);
    this.interrupted = state.pendingOperations;
    this.resources = state.resources.map((resource) => ({
      ...resource,
      inputs: this.#sealer.open(resource.inputs),
      outputs: this.#sealer.open(resource.outputs),
    }));
  }

  /** Replaces the file in one step and keeps the one before as `.bak`. */
  save(resources: readonly ResourceState[], pendingOperations: readonly PendingOperation[]): void {
    const state: OfflineState = {
      writtenBy: WRITER,
      version: 1,
      salt: this.#sealer.salt,
      resources: resources.map((resource) => ({
        ...resource,
        inputs: this.#sealer.seal(resource.inputs),
        outputs: this.#sealer.seal(resource.outputs),
      })),
      pendingOperations,
    };
    mkdirSync(dirname(this.#path), { recursive: true });
    if (existsSync(this.#path)) copyFileSync(this.#path, `${this.#path}.bak`);
    const next = `${this.#path}.next`;
    writeFileSync(next, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(next, this.#path);
  }
}
