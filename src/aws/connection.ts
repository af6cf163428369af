import type { ProxySettings } from '../domain/network';
import type { Transport } from '../domain/transport';

/** The place of KMS, and the identity that calls it. Absent members come from the AWS default chain. */
export interface KmsConnection {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Base URL of KMS. */
  readonly endpoint?: string | undefined;
  /** Base URL of STS, for `assumeRole`. */
  readonly stsEndpoint?: string | undefined;
  /** Region of STS, for `assumeRole`; default: that of KMS. */
  readonly stsRegion?: string | undefined;
  readonly useFipsEndpoint?: boolean | undefined;
  readonly useDualstackEndpoint?: boolean | undefined;
  /** Attempts of one call, including the first; default: 6. */
  readonly maxAttempts?: number | undefined;
  readonly retryMode?: 'standard' | 'adaptive' | undefined;
  /** Accounts of the keys that may be called; default: all. */
  readonly allowedAccountIds?: readonly string[] | undefined;
  /** Accounts of the keys that may not be called. */
  readonly forbiddenAccountIds?: readonly string[] | undefined;
  /** Default: the key exchange that the runtime and the endpoint agree on. */
  readonly transport?: Transport | undefined;
  /** The proxy settings of the stack; default: those of the environment. */
  readonly proxy?: ProxySettings | undefined;
  /** Base URL of Secrets Manager. */
  readonly secretsManagerEndpoint?: string | undefined;
  /** Base URL of Systems Manager. */
  readonly ssmEndpoint?: string | undefined;
  readonly credentials?:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string | undefined;
      }
    | undefined;
  readonly assumeRole?:
    | {
        readonly roleArn: string;
        readonly externalId?: string | undefined;
        readonly sessionName?: string | undefined;
        readonly durationSeconds?: number | undefined;
      }
    | undefined;
}
