import type { ExpirationModel } from '../domain/expiry';
import type { Fingerprint } from '../domain/fingerprint';
import type { ImportType } from '../domain/import-plan';
import type { WrappingAlgorithm, WrappingKeySpec } from '../domain/wrapping';
import type { SourceReference } from '../material/source-reference';
import type { ConnectionInputs } from './schema';

/** Limits in whole seconds for the operations of one resource. */
export interface Timeouts {
  readonly create?: number | undefined;
  readonly update?: number | undefined;
  readonly delete?: number | undefined;
}

/**
 * The inputs as `check` returns them, and as they stand in state: the source of the material and its
 * fingerprint in place of the material. There is no member that could hold bytes.
 */
export interface CheckedInputs {
  readonly keyId: string;
  readonly materialSource: SourceReference;
  /** Absent for a source that is not read at preview. */
  readonly materialFingerprint?: Fingerprint | undefined;
  readonly keySpec?: string | undefined;
  readonly validTo?: string | undefined;
  readonly validFor?: string | undefined;
  readonly renewBefore?: string | undefined;
  readonly expirationModel?: ExpirationModel | undefined;
  readonly importType?: ImportType | undefined;
  readonly keyMaterialDescription?: string | undefined;
  readonly wrappingAlgorithm?: WrappingAlgorithm | undefined;
  readonly wrappingKeySpec?: WrappingKeySpec | undefined;
  readonly deletionProtection?: boolean | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly connection?: ConnectionInputs | undefined;
}

/** The inputs of an import, once it is certain which material they mean. */
export type ProvenInputs = CheckedInputs & { readonly materialFingerprint: Fingerprint };

/** How the material reached KMS in the last import by this resource. */
export interface ImportReceipt {
  readonly wrappingAlgorithm: WrappingAlgorithm;
  readonly wrappingKeySpec: WrappingKeySpec;
  /** SHA-256 of the wrapping public key (DER SubjectPublicKeyInfo), hex. */
  readonly wrappingPublicKeySha256: string;
  /** RFC 3339, whole seconds, UTC, by the clock of the machine that ran the update. */
  readonly importedAt: string;
  /** AWS request ID of ImportKeyMaterial; absent when its response was lost. */
  readonly requestId?: string | undefined;
}

/**
 * The outputs, beside which the checked inputs stand in state. `validTo`, `expirationModel` and
 * `keySpec` are what KMS holds, whatever was declared.
 */
export interface Outputs {
  readonly keyArn: string;
  readonly keySpec: string;
  readonly keyState: string;
  /** IMPORTED, or PENDING_IMPORT when the material is lost or expired. */
  readonly importState: string;
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  /** Symmetric encryption keys only; absent when the key no longer knows the material. */
  readonly keyMaterialState?: string | undefined;
  readonly expirationModel?: string | undefined;
  readonly validTo?: string | undefined;
  readonly materialFingerprint: Fingerprint;
  readonly importReceipt?: ImportReceipt | undefined;
  /** Permanent materials of the key, this one included, that KMS lacks; absent when it has all. */
  readonly missingKeyMaterialIds?: readonly string[] | undefined;
  /** True when the key was disabled when it was last seen with all its material. */
  readonly wasDisabled?: boolean | undefined;
  readonly schemaVersion: number;
}

/** What stands in state for one resource. `keyId` is absent where it is the ARN. */
export type State = Omit<CheckedInputs, keyof Outputs | 'keyId'> &
  Outputs & { readonly keyId?: string | undefined };
