import type { KmsClock } from './state/clock';
import type { QuotaOptions } from './http/quotas';
import type { RandomSource } from './crypto/random';
import type { Seed } from './seed';
import type { Secrets } from './http/signatures';
import type { KmsSnapshot } from './state/snapshot';

/** What the hook of {@link KmsOptions} is told. */
export interface CallEvent {
  readonly operation: string;
  /** `before` and `after` the effect. A call that is refused has no effect and no `after`. */
  readonly phase: 'before' | 'after';
  /** The id of the key that the call is about, when it names or makes one. */
  readonly keyId?: string;
}

/** How an embedded KMS is set up. All of it is optional. */
export interface KmsOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. There is no authentication: think before binding to anything else. */
  readonly host?: string;
  /** Default: the real time. */
  readonly clock?: KmsClock;
  /** Default: `crypto.randomBytes`. */
  readonly random?: RandomSource;
  /** The account of callers whose access key id names none: 12 digits, default `111122223333`. */
  readonly accountId?: string;
  /** Seconds that a new replica is Creating, and that primary keys that change are Updating. Default 5. */
  readonly replicationSeconds?: number;
  /**
   * Seconds for which a new key is answered with NotFoundException, as AWS may do because it is
   * eventually consistent. Default 0.
   */
  readonly propagationSeconds?: number;
  /**
   * Answers ThrottlingException above these rates, for each account and Region: true for AWS's
   * request quotas, or requests per second by operation, for those operations alone. Default: none.
   */
  readonly quotas?: QuotaOptions;
  /**
   * Secret access keys by access key id. Given, only requests that are signed with one of them, or
   * with the credentials of an assumed role, are served.
   */
  readonly verifySignatures?: Secrets;
  /** What `kms.snapshot()` gave: the server goes on from there. It contains key material in clear. */
  readonly state?: KmsSnapshot;
  /** Keys to begin with. */
  readonly seed?: Seed;
  /** Seconds until an on-demand rotation is visible. Default 60, about what AWS takes. */
  readonly rotationSeconds?: number;
  /**
   * Awaited before and after the effect of each call, so that a test can act at that very instant,
   * for example kill the client. When it throws, the call is answered with KMSInternalException.
   */
  readonly onCall?: (call: CallEvent) => void | Promise<void>;
}
