import type { ValueMap } from './values';

/** One reason why inputs are refused; an empty property means the resource as a whole. */
interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

/** What a provider said of a difference. */
export interface DiffResult {
  /** `unknown` leaves it to the engine to compare the inputs. */
  readonly changes: 'none' | 'some' | 'unknown';
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** The state of a resource as a provider reports it. */
interface ReadResult {
  /** Empty when the resource is gone. */
  readonly id: string;
  readonly outputs: ValueMap;
  /** Present when the recorded inputs are to be replaced. */
  readonly inputs?: ValueMap;
}

/**
 * What the engine asks of whatever serves a resource. Secrets go in and come out marked. Every method
 * rejects with an error whose message is for the user; create and update reject with
 * {@link PartialFailure} when the resource exists all the same.
 */
export interface ResourceProvider {
  check(request: {
    readonly urn: string;
    readonly olds: ValueMap;
    readonly news: ValueMap;
  }): Promise<{ readonly inputs: ValueMap; readonly failures: readonly CheckFailure[] }>;
  diff(request: {
    readonly urn: string;
    readonly id: string;
    readonly oldInputs: ValueMap;
    readonly oldOutputs: ValueMap;
    readonly news: ValueMap;
    readonly ignoreChanges: readonly string[];
  }): Promise<DiffResult>;
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
  update(request: {
    readonly urn: string;
    readonly id: string;
    readonly oldInputs: ValueMap;
    readonly oldOutputs: ValueMap;
    readonly news: ValueMap;
    readonly ignoreChanges: readonly string[];
    readonly preview: boolean;
  }): Promise<{ readonly outputs: ValueMap }>;
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

/** A resource that exists although its create or update failed: `ErrorResourceInitFailed`. */
export class PartialFailure extends Error {
  override readonly name = 'PartialFailure';

  constructor(
    readonly id: string,
    readonly outputs: ValueMap,
    readonly reasons: readonly string[],
  ) {
    // Pulumi shows the reasons and not the message of the error that was thrown.
    super(reasons.length === 0 ? 'resource init failed' : reasons.join('; '));
  }
}
