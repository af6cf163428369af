import type { KmsClock } from './clock';
import type { RandomSource } from './random';

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
  /** Seconds until an on-demand rotation is visible. Default 60, about what AWS takes. */
  readonly rotationSeconds?: number;
  /**
   * Awaited before and after the effect of each call, so that a test can act at that very instant,
   * for example kill the client. When it throws, the call is answered with KMSInternalException.
   */
  readonly onCall?: (call: CallEvent) => void | Promise<void>;
}
