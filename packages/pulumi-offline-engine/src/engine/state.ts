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

/** The record of one resource. */
export interface ResourceState {
  urn: string;
  type: string;
  /** Whether it has a provider; components and the stack have none. */
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
  /** Why its last create or update did not complete it. */
  initErrors: string[];
  /** Whether the program only reads it, because something else owns it. */
  external: boolean;
  /** Whether it was replaced and must still be deleted. */
  delete: boolean;
  /** Whether it was deleted for a replacement that must still be created. */
  pendingReplacement: boolean;
}

/** A provider call that was in progress when the state was written. */
export interface PendingOperation {
  readonly operation: 'creating' | 'updating' | 'deleting';
  readonly urn: string;
}

/** The state file. Encrypted secrets have the form of those in Pulumi's checkpoints. */
export interface OfflineState {
  readonly writtenBy: string;
  readonly version: 1;
  /** The salt for deriving the key from the passphrase. */
  readonly salt: string;
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
}

/** Reads the state file, or returns an empty state if there is none. */
export function readState(path: string): OfflineState {
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as OfflineState;
  const { salt } = new SecretSealer('');
  return { writtenBy: WRITER, version: 1, salt, resources: [], pendingOperations: [] };
}

const WRITER = 'pulumi-offline-engine (not Pulumi)';

/** Opens and writes one state file. */
export class StateFile {
  readonly #path: string;
  readonly #sealer: SecretSealer;
  /** The resources with their secrets decrypted. Callers may change them. */
  readonly resources: ResourceState[];
  /** The calls that were in progress when an earlier run ended. */
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

  /** Replaces the file in one step, and keeps its previous version as `.bak`. */
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
