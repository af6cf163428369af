import type { WrappingAlgorithm, WrappingKeySpec } from '../domain/key-specs';
import type { SourceKind } from '../domain/source-kinds';
import type { ParameterLocation, SecretLocation } from './aws-secrets';
import type { Encoding } from './encoding';

/** Text in the program. */
export interface InlineReference {
  readonly kind: 'inline';
}

/** A file, by its path. */
export interface FileReference {
  readonly kind: 'file';
  readonly file: string;
}

/** An environment variable, by its name. */
export interface EnvReference {
  readonly kind: 'env';
  readonly env: string;
}

/** Material that was wrapped elsewhere: a bundle and the ciphertext that belongs to it, by their paths. */
export interface WrappedReference {
  readonly kind: 'wrapped';
  readonly bundle: string;
  readonly ciphertext: string;
  /** The id that `kms-byok wrap` printed, 64 hex digits: it proves that the ciphertext was not exchanged. */
  readonly id: string;
  /** RFC 3339: KMS accepts the import token of the bundle until then. Present after the bundle was read. */
  readonly parametersValidTo?: string | undefined;
  /** How the bundle asks for wrapping. Present after the bundle was read. */
  readonly wrappingAlgorithm?: WrappingAlgorithm | undefined;
  readonly wrappingKeySpec?: WrappingKeySpec | undefined;
}

/** The source of a PIN. The arguments of a command may be secrets, so it has only a hash of them. */
export type PinReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly program: string; readonly sha256: string };

/** A key of an HSM: the library of its vendor, the token and the key, by their names. */
export interface Pkcs11Reference {
  readonly kind: 'pkcs11';
  readonly module: string;
  readonly tokenLabel?: string | undefined;
  readonly tokenSerial?: string | undefined;
  readonly slot?: number | undefined;
  readonly keyLabel?: string | undefined;
  /** `CKA_ID`, hex. */
  readonly keyId?: string | undefined;
  readonly pin?: PinReference | undefined;
  readonly keyWrapMechanism?: number | undefined;
  readonly oaepHash?: 'SHA_256' | 'SHA_1' | undefined;
  readonly passEnvironment?: readonly string[] | undefined;
}

/** A command. Its arguments may be secrets, so the reference has only a hash of them. */
export interface CommandReference {
  readonly kind: 'command';
  readonly program: string;
  /**
   * SHA-256 of the argument vector, program included, as JSON; hex. If `passEnvironment` names variables, the JSON is
   * an object with `command` and the sorted names.
   */
  readonly sha256: string;
}

/** A command that wraps material, in the same form. */
export interface WrapCommandReference {
  readonly kind: 'wrapCommand';
  readonly program: string;
  readonly sha256: string;
}

/** A secret of AWS Secrets Manager. */
export interface SecretsManagerReference extends SecretLocation {
  readonly kind: 'secretsManager';
  /** The member of a JSON secret that has the material. */
  readonly jsonKey?: string | undefined;
}

/** A SecureString of AWS Systems Manager Parameter Store. */
export interface SsmParameterReference extends ParameterLocation {
  readonly kind: 'ssmParameter';
}

/** A reference to bytes that are read at preview, such as those of a passphrase. */
export type PlainReference = InlineReference | FileReference | EnvReference;

/** A reference to a source that is read at preview: no network, no command, no side effect. */
export type LocalReference = PlainReference | WrappedReference | Pkcs11Reference;

/** A reference to a source that is read only for an import. */
type RemoteReference =
  CommandReference | WrapCommandReference | SecretsManagerReference | SsmParameterReference;

/** The place of material or of a passphrase, without its content. */
export type Reference = LocalReference | RemoteReference;

/** The place of a source of one kind, or of one of several kinds. */
export type ReferenceTo<Kind extends SourceKind> = Extract<Reference, { readonly kind: Kind }>;

/** The source of material, as it is in state and as a diff compares it. Never contains the material. */
export type SourceReference = Reference & {
  /** Absent if the content decides: a secret of Secrets Manager can be text or bytes. */
  readonly encoding?: Encoding | undefined;
  /** True if the program declares the encoding `raw` where it is the default: then other lengths are deliberate. */
  readonly isEncodingDeclared?: true | undefined;
  /** The source of the passphrase of an encrypted private key. */
  readonly passphrase?: PlainReference | undefined;
};
