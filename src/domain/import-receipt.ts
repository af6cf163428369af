import type { CheckValue } from './check-value';
import type { WrappingAlgorithm, WrappingKeySpec } from './key-specs';

/** The last import by this resource. */
export interface ImportReceipt {
  readonly wrappingAlgorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
  /** SHA-256 of the wrapping public key (DER SubjectPublicKeyInfo), hex. */
  readonly wrappingPublicKeySha256: string;
  /** RFC 3339 in whole seconds UTC, by the clock of the machine that ran the update. */
  readonly importedAt: string;
  /** The same for the first import by this resource, which renewals do not change. */
  readonly firstImportedAt?: string | undefined;
  /** AWS request ID of ImportKeyMaterial; absent if the response was lost. */
  readonly requestId?: string | undefined;
  /**
   * Key exchange of the TLS connection to KMS, or to a proxy that ends TLS before it: the name of a group such as
   * `X25519`, or `hybrid ML-KEM`. Absent if the runtime does not name it.
   */
  readonly keyExchange?: string | undefined;
  /** Check value of the material, if `recordCheckValue` was true at the import. */
  readonly checkValue?: CheckValue | undefined;
}
