import type { WrappingKeys } from '../crypto/wrapping-keys';
import type { Store } from '../state/store';
import type { ImportTokens } from './import-token';

/** The parts of a context that are the same for all calls to a server. */
export interface Surroundings {
  readonly store: Store;
  readonly tokens: ImportTokens;
  readonly wrappingKeys: WrappingKeys;
  /** How long an on-demand rotation takes. */
  readonly rotationMilliseconds: number;
  /** How long a new replica is Creating, and keys are Updating after a change of the primary Region. */
  readonly replicationMilliseconds: number;
  /** How long GetKeyLastUsage may not show a use yet. */
  readonly usageLagMilliseconds: number;
  /** Uses before this instant are not recorded, epoch milliseconds. */
  readonly usageTrackingStart: number;
  /** How long a new key is not found. */
  readonly propagationMilliseconds: number;
}

/** The surroundings and the caller of one call. It is independent of HTTP. */
export interface Context extends Surroundings {
  /** From the caller's signature; undefined when the request is not signed. */
  readonly accessKeyId: string | undefined;
  /** The caller's account and Region. */
  readonly accountId: string;
  readonly region: string;
  /** The instant of the call, epoch milliseconds. */
  readonly now: number;
}
