import type { WrappingKeys } from '../crypto/wrapping-keys';
import type { Store } from '../state/store';
import type { ImportTokens } from './import-token';

/** What is the same for all calls to a server. */
export interface Surroundings {
  readonly store: Store;
  readonly tokens: ImportTokens;
  readonly wrappingKeys: WrappingKeys;
  /** How long an on-demand rotation takes until it is visible. */
  readonly rotationMilliseconds: number;
  /** How long a new replica is Creating, and how long primary keys that change are Updating. */
  readonly replicationMilliseconds: number;
  /** For how long a new key is not found yet. */
  readonly propagationMilliseconds: number;
}

/** What an operation works with. Nothing in it knows of HTTP. */
export interface Context extends Surroundings {
  /** From the caller's signature; undefined when the request is not signed. */
  readonly accessKeyId: string | undefined;
  /** The caller's account and Region. */
  readonly accountId: string;
  readonly region: string;
  /** The instant of the call, epoch milliseconds. */
  readonly now: number;
}
