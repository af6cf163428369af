import type { Curve } from '../../domain/key-specs';
import type { ByokErrorCode } from '../../errors';
import type { MacHash } from '../material-proof';

/** Identifies a token. Every member that is present has to match. */
export interface TokenSelector {
  readonly label?: string | undefined;
  readonly serial?: string | undefined;
  /** `CK_SLOT_ID`. */
  readonly slot?: number | undefined;
}

/** Identifies a key of a token. Every member that is present has to match. */
export interface KeySelector {
  readonly label?: string | undefined;
  /** `CKA_ID`, hex. */
  readonly id?: string | undefined;
}

/** A key of one token. */
export interface KeyPlace {
  readonly token: TokenSelector;
  readonly key: KeySelector;
}

/** The hash of RSA-OAEP. */
export type OaepHash = 'sha256' | 'sha1';

/** How a token wraps a key for KMS. */
export interface TokenWrapping {
  /** Modulus and exponent of the wrapping key, big-endian. */
  readonly modulus: Buffer;
  readonly exponent: Buffer;
  readonly hash: OaepHash;
  /** The mechanism of RFC 5649 for a private key; absent for a secret, which OAEP encrypts itself. */
  readonly keyWrap?: number | undefined;
}

/** The questions that the process of a module answers. */
export interface Questions {
  /** Reads what the module and its tokens are, without a login. */
  describe: { readonly ask: object; readonly answer: ModuleDescription };
  /** Logs in unless it has done so. */
  login: {
    readonly ask: { readonly token: TokenSelector; readonly pin: string | undefined };
    readonly answer: { readonly done: true };
  };
  find: { readonly ask: KeyPlace; readonly answer: FindAnswer };
  /** SHA-256 over bytes and the key; undefined if the token does not compute that. */
  digest: {
    readonly ask: KeyPlace & { readonly prefix: Buffer };
    readonly answer: Buffer | undefined;
  };
  /**
   * A MAC of 16 zero bytes by the key; undefined if the token does not compute that. The hash is that of the HMAC of a
   * key that is not AES, by default SHA-256.
   */
  checkValue: {
    readonly ask: KeyPlace & { readonly hash?: MacHash | undefined };
    readonly answer: Buffer | undefined;
  };
  wrap: { readonly ask: KeyPlace & TokenWrapping; readonly answer: Buffer };
}

/** The name of a question. */
export type Question = keyof Questions;

/** The login that a token wants before it shows its keys: a PIN, or a key pad of its own. */
export type Login = 'pin' | 'keypad';

/** A key, or the login that has to come first. */
export type FindAnswer =
  /** With what identifies the token, whichever module reads it. */
  | { readonly login: Login; readonly token: string }
  | { readonly key: FoundKey; readonly token: TokenDescription };

/** A token, as it describes itself. */
export interface TokenDescription {
  readonly slot: number;
  readonly label: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Version of the firmware: major and minor. */
  readonly firmware: readonly [number, number];
  readonly mechanisms: readonly number[];
  /** The hashes that the token takes for RSA-OAEP, the strongest first. Empty if it has no OAEP. */
  readonly oaepHashes: readonly OaepHash[];
}

/** A module, as it describes itself. */
export interface ModuleDescription {
  readonly manufacturer: string;
  readonly description: string;
  readonly version: string;
  readonly cryptoki: string;
  readonly tokens: readonly TokenDescription[];
}

/** The kind of a key and its size. */
export type FoundKind =
  | { readonly kind: 'secret'; readonly type: 'aes' | 'hmac' | 'generic'; readonly bytes: number }
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: Curve }
  | { readonly kind: 'ed25519' }
  /** `CKA_KEY_TYPE`, or a curve that KMS does not have. */
  | { readonly kind: 'other'; readonly type: string };

/** A key, as its token describes it. */
export interface FoundKey {
  readonly kind: FoundKind;
  readonly isExtractable: boolean;
  /** `CKA_WRAP_WITH_TRUSTED`. */
  readonly isWrappedByTrusted: boolean;
  /** DER SubjectPublicKeyInfo of a private key, if the token has its public part. */
  readonly publicKey?: Buffer | undefined;
}

/** A message to the process. The first one loads the module. */
export type Ask =
  | { readonly load: string }
  | {
      readonly [Name in Question]: { readonly question: Name } & Questions[Name]['ask'];
    }[Question];

/** A message from the process. */
export type Answer =
  | { readonly value: unknown }
  | { readonly failure: { readonly code: ByokErrorCode; readonly reason: string } };
