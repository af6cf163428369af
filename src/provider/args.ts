import type { Input } from '@pulumi/pulumi';
import type { ExpirationModel } from '../domain/expiry';
import type { ImportType } from '../domain/import-type';
import type { ImportableKeySpec, WrappingAlgorithm, WrappingKeySpec } from '../domain/key-specs';
import type { Transport } from '../domain/transport';
import type { SourceKind } from '../domain/source-kinds';
import type { Encoding } from '../material/encoding';

/** Source of the passphrase of an encrypted private key. A line end after the passphrase is ignored. */
export type PassphraseArgs =
  | { readonly inline: Input<string> }
  | { readonly file: Input<string> }
  | { readonly env: Input<string> };

interface MaterialOptions {
  /** Encoding of the bytes in the source. */
  readonly encoding?: Input<Encoding | undefined>;
  /** Passphrase of an encrypted private key. */
  readonly passphrase?: Input<PassphraseArgs | undefined>;
}

/** A secret of AWS Secrets Manager. */
export interface SecretsManagerArgs {
  /** Name or ARN. */
  readonly secretId: Input<string>;
  /** Excludes `versionStage`. */
  readonly versionId?: Input<string | undefined>;
  /** Default: `AWSCURRENT`. Excludes `versionId`. */
  readonly versionStage?: Input<string | undefined>;
  /** Name of the member with the material, if the secret is JSON. The member is a string. */
  readonly jsonKey?: Input<string | undefined>;
  /** Default: the Region of KMS. */
  readonly region?: Input<string | undefined>;
}

/** Two files of one ceremony. Paths are relative to the folder in which the program runs. */
export interface WrappedArgs {
  /** Path of the bundle: wrapping key and import token of one key, valid for 24 hours. */
  readonly bundle: Input<string>;
  /** Path of the file with the material, wrapped with the key of the bundle. */
  readonly ciphertext: Input<string>;
  /**
   * ID of the wrapped file: the 64 hex digits that `kms-byok wrap` printed. It must not come with the file: it
   * proves that nobody has replaced the material on the way.
   */
  readonly id: Input<string>;
}

/** The source of the PIN of a token, exactly one. The PIN is the value, or the first line. */
export type PinArgs =
  | { readonly env: Input<string> }
  | { readonly file: Input<string> }
  | { readonly command: Input<readonly Input<string>[]> };

/** A key of an HSM, or of another token with a PKCS #11 library, that wraps itself for KMS. */
export interface Pkcs11Args {
  /** Path of the PKCS #11 library of the vendor, on the machine where the Pulumi CLI runs. */
  readonly module: Input<string>;
  /** Label of the token. One of `tokenLabel`, `tokenSerial` and `slot` is required, and each that is given must match. */
  readonly tokenLabel?: Input<string | undefined>;
  /** Serial number of the token. */
  readonly tokenSerial?: Input<string | undefined>;
  /** ID of the slot (`CK_SLOT_ID`). */
  readonly slot?: Input<number | undefined>;
  /** Label of the secret or private key. One of `keyLabel` and `keyId` is required. */
  readonly keyLabel?: Input<string | undefined>;
  /** ID of the key (`CKA_ID`) in hex. */
  readonly keyId?: Input<string | undefined>;
  /**
   * Source of the user PIN: `env`, `file` or `command`. A preview does not run the command, so it does not compare the
   * key then. Absent for a token that has a key pad, or wants no login.
   */
  readonly pin?: Input<PinArgs | undefined>;
  /** Number of the mechanism that wraps a private key by RFC 5649. Default: depends on the vendor of the token. */
  readonly keyWrapMechanism?: Input<number | undefined>;
  /** Hash of RSA-OAEP in the token, `SHA_256` or `SHA_1`. Default: the strongest that the token takes. */
  readonly oaepHash?: Input<'SHA_256' | 'SHA_1' | undefined>;
  /**
   * Names of variables that the library gets beside the basic ones and those that known libraries need. A command that
   * prints the PIN gets them too.
   */
  readonly passEnvironment?: Input<readonly Input<string>[] | undefined>;
}

/** A SecureString of AWS Systems Manager Parameter Store. */
export interface SsmParameterArgs {
  /** Name or ARN. */
  readonly name: Input<string>;
  /** Default: the latest. */
  readonly version?: Input<number | undefined>;
  /** Default: the Region of KMS. */
  readonly region?: Input<string | undefined>;
}

/**
 * The source of key material, exactly one of:
 *
 * - `inline`: text in the program, for example a secret of the stack configuration. It is replaced by a
 *   fingerprint before the inputs are stored. Default encoding: base64.
 * - `file`: a path, relative to the folder in which the program runs. Default encoding: raw.
 * - `env`: the name of an environment variable where the Pulumi CLI runs. Default encoding: base64.
 * - `wrapped`: material that was wrapped elsewhere, in the files of `kms-byok params` and `kms-byok wrap`. The
 *   plaintext never reaches this machine. The files contain no secret.
 * - `pkcs11`: a key of an HSM, which wraps it itself, so the plaintext never leaves the HSM. A preview logs in to the
 *   token too, and compares the key. The package `pkcs11js` has to be installed.
 * - `command`: a command and its arguments, run without a shell in the folder of the Pulumi program. It
 *   writes the material to stdout within half a minute. Default encoding: raw, in which a line end is part of the
 *   material. If it fails and `showStderr` is true, the end of its stderr is shown. It gets the basic variables
 *   of the environment, such as PATH and HOME, and those that `passEnvironment` names.
 * - `wrapCommand`: a command and its arguments that wrap the material, so that its plaintext never reaches this
 *   process: for example in an HSM. It gets the wrapping public key (DER SubjectPublicKeyInfo) on stdin, and
 *   `KMS_KEY_ARN`, `KMS_KEY_SPEC`, `KMS_WRAPPING_ALGORITHM` and `KMS_WRAPPING_KEY_SPEC` in its environment. It writes
 *   the ciphertext to stdout, as bytes. Otherwise it is run as `command` is, but takes no `encoding` or `passphrase`.
 * - `secretsManager`: a secret of AWS Secrets Manager. Default encoding: raw for bytes, base64 for text.
 * - `ssmParameter`: a SecureString of AWS Systems Manager Parameter Store. Default encoding: base64.
 *
 * The last four are read only for an import. A preview compares only their names and arguments.
 *
 * State has paths and names in clear. Of a command it has the program and a hash of the arguments.
 *
 * A private key is PKCS#8 (also encrypted), PKCS#1 or SEC1 in PEM or DER, or a JWK. It is recognised in every
 * encoding.
 */
export type MaterialArgs = MaterialOptions &
  OneSource<{
    inline: { readonly inline: Input<string> };
    file: { readonly file: Input<string> };
    env: { readonly env: Input<string> };
    wrapped: { readonly wrapped: Input<WrappedArgs> };
    pkcs11: { readonly pkcs11: Input<Pkcs11Args> };
    command: {
      readonly command: Input<readonly Input<string>[]>;
      readonly showStderr?: Input<boolean | undefined>;
      readonly passEnvironment?: Input<readonly Input<string>[] | undefined>;
    };
    wrapCommand: {
      readonly wrapCommand: Input<readonly Input<string>[]>;
      readonly showStderr?: Input<boolean | undefined>;
      readonly passEnvironment?: Input<readonly Input<string>[] | undefined>;
    };
    secretsManager: { readonly secretsManager: Input<SecretsManagerArgs> };
    ssmParameter: { readonly ssmParameter: Input<SsmParameterArgs> };
  }>;

// The members of one source, and none of the others. `Sources` has exactly the known kinds.
type OneSource<
  Sources extends { readonly [Kind in SourceKind]: Readonly<Record<Kind, unknown>> } & Readonly<
    Record<Exclude<keyof Sources, SourceKind>, never>
  >,
> = {
  [Kind in keyof Sources]: Sources[Kind] &
    Readonly<
      Partial<Record<Exclude<MemberOf<Sources[keyof Sources]>, keyof Sources[Kind]>, never>>
    >;
}[keyof Sources];

type MemberOf<Source> = Source extends unknown ? keyof Source : never;

/** A role to assume for the calls to KMS. */
export interface AssumeRoleArgs {
  /** ARN of the role. */
  readonly roleArn: Input<string>;
  /** External ID, if the trust policy of the role requires one. */
  readonly externalId?: Input<string | undefined>;
  /** Appears in CloudTrail. Default: `pulumi-kms-byok`. */
  readonly sessionName?: Input<string | undefined>;
  /** Lifetime of the credentials, 15 minutes to 12 hours, such as `2h`. Default: one hour. */
  readonly duration?: Input<string | undefined>;
}

/** Base URLs of the services other than KMS. */
export interface EndpointsArgs {
  /** For `assumeRole`. */
  readonly sts?: Input<string | undefined>;
  /** For `material.secretsManager`. */
  readonly secretsmanager?: Input<string | undefined>;
  /** For `material.ssmParameter`. */
  readonly ssm?: Input<string | undefined>;
}

/**
 * Region and endpoint of KMS, and the identity that calls it. As the `connection` of a resource, it takes precedence
 * over its provider: the `aws:*` configuration of the stack or a `KmsByokProvider`. The default chain of the AWS SDK
 * fills in what is absent.
 */
export interface ConnectionArgs {
  /** AWS Region. For a key that is named by its ARN, that of the ARN. */
  readonly region?: Input<string | undefined>;
  /** Profile of the AWS configuration files. */
  readonly profile?: Input<string | undefined>;
  /** Base URL of KMS, for a VPC endpoint or an emulator. */
  readonly endpoint?: Input<string | undefined>;
  /** Base URLs of `sts`, `secretsmanager` and `ssm`. */
  readonly endpoints?: Input<EndpointsArgs | undefined>;
  /** URL of a proxy, used if neither `httpsProxy` nor the variable `HTTPS_PROXY` names one. */
  readonly httpProxy?: Input<string | undefined>;
  /**
   * URL of the proxy, http or https, without a user name and a password. Empty: no proxy. `httpProxy`, `httpsProxy` and
   * `noProxy` replace those of the stack together, and take precedence over the variables `HTTPS_PROXY` and `NO_PROXY`.
   */
  readonly httpsProxy?: Input<string | undefined>;
  /** Host names, IP addresses and networks that are called without the proxy, separated by commas. */
  readonly noProxy?: Input<string | undefined>;
  /** Uses endpoints that are validated for FIPS 140. */
  readonly useFipsEndpoint?: Input<boolean | undefined>;
  /** Uses endpoints with IPv4 and IPv6. */
  readonly useDualstackEndpoint?: Input<boolean | undefined>;
  /** Accounts whose keys may be used. Default: all. */
  readonly allowedAccountIds?: Input<readonly Input<string>[] | undefined>;
  /** Accounts whose keys may not be used. */
  readonly forbiddenAccountIds?: Input<readonly Input<string>[] | undefined>;
  /** Region of STS, for `assumeRole`. Default: `region`. */
  readonly stsRegion?: Input<string | undefined>;
  /** How often a failed call is repeated, 0 to 999. Default: 5. */
  readonly maxRetries?: Input<number | undefined>;
  /** `standard` or `adaptive`. */
  readonly retryMode?: Input<'standard' | 'adaptive' | undefined>;
  /**
   * `post-quantum`: refuses a connection to KMS, Secrets Manager or Parameter Store whose TLS has no hybrid ML-KEM key
   * exchange, before anything is sent. It needs OpenSSL 3.5, which Node.js has since 22.20 and 24.5. Default: any key
   * exchange.
   */
  readonly transport?: Input<Transport | undefined>;
  /** The role to assume: `roleArn`, `externalId`, `sessionName`, `duration`. */
  readonly assumeRole?: Input<AssumeRoleArgs | undefined>;
}

/** Time limits in whole seconds, 1 to 86,400. */
export interface TimeoutsArgs {
  /** Default: 600. */
  readonly create?: Input<number | undefined>;
  /** Default: 600. */
  readonly update?: Input<number | undefined>;
  /** Default: 300. */
  readonly delete?: Input<number | undefined>;
}

/** Place of a material in the list of its key, oldest first. */
export interface ListPlaceArgs {
  /** Name of the list, unique in the program. */
  readonly of: Input<string>;
  /** Counted from 0. */
  readonly place: Input<number>;
  /** `materialFingerprint` of the earlier materials, by their places. */
  readonly earlier?: Input<Readonly<Record<string, Input<string>>> | undefined>;
  /** Lets a preview refuse a key that is not a multi-Region key, or is one. Default: either. */
  readonly multiRegion?: Input<boolean | undefined>;
  /**
   * Refuses another key in the place of the one of the last update, and keeps the material in state if a refresh finds
   * that the key is gone. Default: false.
   */
  readonly keepsKey?: Input<boolean | undefined>;
  /**
   * Leaves the material in its key, so that the key works if its deletion is cancelled. Staged material is deleted.
   * Default: false.
   */
  readonly staysWithKey?: Input<boolean | undefined>;
}

/** The inputs of `ImportedKeyMaterial`. */
export interface ImportedKeyMaterialArgs {
  /**
   * Key ID or key ARN of a KMS key of origin EXTERNAL. An alias is refused. The ID and the ARN of a key mean
   * the same. Another key replaces the resource.
   */
  readonly keyId: Input<string>;

  /**
   * Source of the material. It is write-only: after the import, `ignoreChanges` allows runs that cannot read
   * the source.
   */
  readonly material: Input<MaterialArgs>;

  /** Lets a preview check the material. Without it, only the first import does. */
  readonly keySpec?: Input<ImportableKeySpec | undefined>;

  /**
   * When KMS deletes the material: an RFC 3339 instant with an offset, at most 365 days ahead. It is
   * normalised to whole seconds UTC, without fractions. Excludes `validFor`.
   */
  readonly validTo?: Input<string | undefined>;

  /**
   * Rolling expiry: how long the material is valid after each import, such as `90d` (units w, d, h, m, s),
   * at most `365d`. Excludes `validTo`.
   */
  readonly validFor?: Input<string | undefined>;

  /**
   * How long before the expiry an update imports again, such as `30d`. Shorter than `validFor`.
   * Default: a third of `validFor`.
   */
  readonly renewBefore?: Input<string | undefined>;

  /** Default: follows from `validTo` and `validFor`. A contradiction to them is refused. */
  readonly expirationModel?: Input<ExpirationModel | undefined>;

  /**
   * `NEW_KEY_MATERIAL` stages further material on a symmetric key for an on-demand rotation.
   * Default: depends on the history of the key. Symmetric keys only.
   */
  readonly importType?: Input<ImportType | undefined>;

  /**
   * Place of the material in the list of its key, for a program that rotates to each material in turn, as
   * `ImportedKey` does. Other bytes for staged material are then refused, because a preview cannot see whether
   * the rotation was made. Equal bytes in two places are also refused.
   */
  readonly list?: Input<ListPlaceArgs | undefined>;

  /**
   * Up to 202 characters of `a-z A-Z 0-9 : / _ . -` and white space. KMS stores it after a short fingerprint of
   * the material and a mark of its owner. CloudTrail logs it, so it must not be secret. Symmetric keys only.
   */
  readonly keyMaterialDescription?: Input<string | undefined>;

  /** Default: the strongest that the key spec allows. */
  readonly wrappingAlgorithm?: Input<WrappingAlgorithm | undefined>;

  /** Default: `RSA_4096`. */
  readonly wrappingKeySpec?: Input<WrappingKeySpec | undefined>;

  /** While it is true, the material is not deleted, and `pulumi destroy` fails. Default: false. */
  readonly deletionProtection?: Input<boolean | undefined>;

  /**
   * Refuses to delete the material if KMS shows a cryptographic use of its key within this time, such as `30d`
   * (units w, d, h, m, s), longer than `1h` and at most `36500d`, or cannot show whether there was one. A delete reads it from state, so
   * a change takes effect with an update. Default: the material is deleted in any case.
   */
  readonly deleteUnlessUsedWithin?: Input<string | undefined>;

  /**
   * Records the check value of the material in `importReceipt`, so that it can be compared with that of the system which
   * made the material. For an AES key: CMAC of 16 zero bytes, of which the first 5 bytes are recorded. For an HMAC key: HMAC
   * of 16 zero bytes with the hash of the key spec. For a key pair: SHA-256 of the public key (DER SubjectPublicKeyInfo).
   * It is computed at each import, so `true` takes effect with the next one, and `false` removes it with the next update.
   * It helps to guess weak material. `wrapped` and `wrapCommand` are refused. Default: false.
   */
  readonly recordCheckValue?: Input<boolean | undefined>;

  /** How long `create`, `update` and `delete` may take, in seconds. Default: 600, 600 and 300. */
  readonly timeouts?: Input<TimeoutsArgs | undefined>;

  /** Region and endpoint of KMS, and the identity that calls it. */
  readonly connection?: Input<ConnectionArgs | undefined>;
}
