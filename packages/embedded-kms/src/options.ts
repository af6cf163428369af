import type { KmsClock } from './state/clock';
import type { QuotaOptions } from './http/quotas';
import type { RandomBytes } from './crypto/random';
import type { Seed } from './seed';
import type { Secrets } from './http/signatures';
import type { KmsSnapshot } from './state/snapshot';

/** The argument of `onCall` in {@link KmsOptions}. */
export interface CallEvent {
  readonly operation: string;
  /** `before` or `after` the effect. A refused call has no effect and no `after`. */
  readonly phase: 'before' | 'after';
  /** The id of the key that the call names or creates, if any. */
  readonly keyId?: string;
}

/** Options of an embedded KMS. */
export interface KmsOptions {
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: `127.0.0.1`. There is no authentication, so consider who can reach other addresses. */
  readonly host?: string;
  /**
   * Host names, without ports, under which clients may call in addition to `localhost`, names that
   * end with `.localhost`, `127.x.x.x`, `[::1]` and `host`. Requests to other names get HTTP 403, so
   * that a web page cannot reach the server through a name of its own (DNS rebinding).
   */
  readonly allowHosts?: readonly string[];
  /** Default: the real time. */
  readonly clock?: KmsClock;
  /** Default: `crypto.randomBytes`. */
  readonly random?: RandomBytes;
  /** The account of callers whose access key id names none: 12 digits. Default: `111122223333`. */
  readonly accountId?: string;
  /** Seconds that a new replica stays Creating, and that keys stay Updating. Default: 5. */
  readonly replicationSeconds?: number;
  /**
   * Seconds during which calls that name a new key get NotFoundException. AWS is eventually consistent
   * and may answer so. Default: 0.
   */
  readonly propagationSeconds?: number;
  /**
   * Seconds after which GetKeyLastUsage shows a use of a key at the latest. Default: 3600, as on AWS.
   */
  readonly usageLagSeconds?: number;
  /** When the server began to record uses of keys. Default: 2026-04-27, when AWS released GetKeyLastUsage. */
  readonly usageTrackingStart?: Date;
  /**
   * Answers ThrottlingException above these rates, for each account and Region: true for AWS's
   * request quotas, or requests per second of the named operations only. Default: no limit.
   */
  readonly quotas?: QuotaOptions;
  /**
   * Secret access keys by access key id. The server then refuses requests that are not signed with one
   * of them or with the credentials of an assumed role. Default: signatures are not verified.
   */
  readonly verifySignatures?: Secrets;
  /** A result of `kms.snapshot()` to continue from. It contains key material in clear. */
  readonly state?: KmsSnapshot;
  /** Keys to start with. */
  readonly seed?: Seed;
  /** Seconds until an on-demand rotation takes effect. Default: 60, about as long as on AWS. */
  readonly rotationSeconds?: number;
  /**
   * The server awaits it before and after the effect of each call, so that a test can act at exactly
   * that moment, for example kill the client. If it throws, the answer is KMSInternalException.
   */
  readonly onCall?: (call: CallEvent) => void | Promise<void>;
}
