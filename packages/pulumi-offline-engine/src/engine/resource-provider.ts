import type { ValueMap } from './values';

/** One reason why inputs are refused. An empty property means the whole resource. */
interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** The difference that a provider found. */
export interface DiffResult {
  /** `unknown` means that the engine compares the inputs. */
  readonly changes: 'none' | 'some' | 'unknown';
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** The state of a resource as a provider reports it. */
interface ReadResult {
  /** Empty when the resource no longer exists. */
  readonly id: string;
  readonly outputs: ValueMap;
  /** Present when they replace the recorded inputs. */
  readonly inputs?: ValueMap;
}

/** A resource as it is recorded, and the inputs that a program now has for it. */
export interface ChangeRequest {
  readonly urn: string;
  readonly id: string;
  readonly oldInputs: ValueMap;
  readonly oldOutputs: ValueMap;
  readonly news: ValueMap;
  readonly ignoreChanges: readonly string[];
}

/**
 * The requests that the engine makes to the provider of a resource. Secrets are marked in both
 * directions. Every method rejects with an error whose message is for the user; create and update reject
 * with {@link PartialFailure} when the resource exists although they failed.
 */
export interface ResourceProvider {
  check(request: {
    readonly urn: string;
    readonly olds: ValueMap;
    readonly news: ValueMap;
  }): Promise<{ readonly inputs: ValueMap; readonly failures: readonly CheckFailure[] }>;
  diff(request: ChangeRequest): Promise<DiffResult>;
  create(request: {
    readonly urn: string;
    readonly inputs: ValueMap;
    readonly preview: boolean;
  }): Promise<{ readonly id: string; readonly outputs: ValueMap }>;
  read(request: {
    readonly urn: string;
    readonly id: string;
    readonly inputs: ValueMap;
    readonly outputs: ValueMap;
  }): Promise<ReadResult>;
  update(
    request: ChangeRequest & { readonly preview: boolean },
  ): Promise<{ readonly outputs: ValueMap }>;
  delete(request: {
    readonly urn: string;
    readonly id: string;
    readonly inputs: ValueMap;
    readonly outputs: ValueMap;
  }): Promise<void>;
  /** Runs a function of the package. */
  invoke(request: { readonly token: string; readonly args: ValueMap }): Promise<{
    readonly result: ValueMap;
    readonly failures: readonly CheckFailure[];
  }>;
}

/** The error of a create or update that failed but left a resource: `ErrorResourceInitFailed`. */
export class PartialFailure extends Error {
  override readonly name = 'PartialFailure';

  constructor(
    readonly id: string,
    readonly outputs: ValueMap,
    readonly reasons: readonly string[],
  ) {
    // Pulumi shows the reasons instead of the message of the thrown error.
    super(reasons.length === 0 ? 'resource init failed' : reasons.join('; '));
  }
}
