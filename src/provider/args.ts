import type { Input } from '@pulumi/pulumi';
import type { ExpirationModel } from '../domain/expiry';
import type { ImportType } from '../domain/import-plan';
import type { ImportableKeySpec, WrappingAlgorithm, WrappingKeySpec } from '../domain/key-specs';
import type { SourceKind } from '../domain/source-kinds';
import type { Encoding } from '../material/open-source';

/** Where the passphrase of an encrypted private key comes from; a line end after it is ignored. */
export type PassphraseArgs =
  | { readonly inline: Input<string> }
  | { readonly file: Input<string> }
  | { readonly env: Input<string> };

interface MaterialOptions {
  /** How the source writes down its bytes. */
  readonly encoding?: Input<Encoding | undefined>;
  /** Opens an encrypted private key. */
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
  /** The member of a JSON secret that is the material: a text. */
  readonly jsonKey?: Input<string | undefined>;
  /** Default: the Region in which KMS is called. */
  readonly region?: Input<string | undefined>;
}

/** Two files of one ceremony; paths are relative to the folder in which the program runs. */
export interface WrappedArgs {
  /** Path of the bundle: wrapping key and import token of one key, good for 24 hours. */
  readonly bundle: Input<string>;
  /** Path of the file with the material that was wrapped for the bundle. */
  readonly ciphertext: Input<string>;
  /**
   * The id of the wrapped file, 64 hex digits, as the people who wrapped read it from `kms-byok wrap`. It
   * vouches for all of the file: without it, whoever carries the file could exchange the material.
   */
  readonly id: Input<string>;
}

/** A SecureString of AWS Systems Manager Parameter Store. */
export interface SsmParameterArgs {
  /** Name or ARN. */
  readonly name: Input<string>;
  /** Default: the latest. */
  readonly version?: Input<number | undefined>;
  /** Default: the Region in which KMS is called. */
  readonly region?: Input<string | undefined>;
}

/**
 * Where key material comes from. Exactly one source:
 *
 * - `inline`: text in the program, for example a secret of the stack configuration. It is taken out
 *   of the inputs before they are stored: state holds a fingerprint. Default encoding: base64.
 * - `file`: a path, relative to the folder in which the program runs. Default encoding: raw.
 * - `env`: the name of an environment variable where the Pulumi CLI runs. Default encoding: base64.
 * - `wrapped`: material that was wrapped elsewhere, as `kms-byok params` and `kms-byok wrap` leave it. The
 *   plaintext never reaches this machine. The files hold no secret.
 * - `command`: a program and its arguments, run without a shell in the folder of the program, which
 *   writes the material to stdout within half a minute. Default encoding: raw, in which a line end is
 *   material too. `showStderr` prints the end of its stderr when it fails.
 * - `secretsManager`: a secret of AWS Secrets Manager. Default encoding: raw of bytes, base64 of text.
 * - `ssmParameter`: a SecureString of AWS Systems Manager Parameter Store. Default encoding: base64.
 *
 * The last three are read only at an import. A preview compares where they point.
 *
 * Paths and names are stored in state, in clear; of a command, its program and a hash of its arguments.
 *
 * A private key is PKCS#8 (also encrypted), PKCS#1 or SEC1 in PEM or DER, or a JWK, and is recognised
 * as one in every encoding.
 */
export type MaterialArgs = MaterialOptions &
  OneSource<{
    inline: { readonly inline: Input<string> };
    file: { readonly file: Input<string> };
    env: { readonly env: Input<string> };
    wrapped: { readonly wrapped: Input<WrappedArgs> };
    command: {
      readonly command: Input<readonly Input<string>[]>;
      readonly showStderr?: Input<boolean | undefined>;
    };
    secretsManager: { readonly secretsManager: Input<SecretsManagerArgs> };
    ssmParameter: { readonly ssmParameter: Input<SsmParameterArgs> };
  }>;

// The members of one source, and none of the others. All kinds must be here, and no further ones.
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
  /** What the trust policy of the role asks for, if it does. */
  readonly externalId?: Input<string | undefined>;
  /** Appears in CloudTrail. Default: `pulumi-kms-byok`. */
  readonly sessionName?: Input<string | undefined>;
  /** Life of the credentials, such as `1h`: 15 minutes to 12 hours, one hour unless said. */
  readonly duration?: Input<string | undefined>;
}

/**
 * Where KMS is and as whom to call it. It stands above the `aws:*` configuration of the stack, which
 * stands above the default chain of the AWS SDK.
 */
export interface ConnectionArgs {
  /** AWS Region. Default: that of the key's ARN, then `aws:region`, then the default chain. */
  readonly region?: Input<string | undefined>;
  /** Profile of the AWS configuration files. Default: `aws:profile`. */
  readonly profile?: Input<string | undefined>;
  /** Base URL of KMS, for a VPC endpoint or an emulator. Default: `kms` in `aws:endpoints`. */
  readonly endpoint?: Input<string | undefined>;
  /** Calls the endpoints that FIPS 140 validates. Default: `aws:useFipsEndpoint`. */
  readonly useFipsEndpoint?: Input<boolean | undefined>;
  /** Calls the endpoints that have IPv6. Default: `aws:useDualstackEndpoint`. */
  readonly useDualstackEndpoint?: Input<boolean | undefined>;
  /** Accounts whose keys may be called. Default: `aws:allowedAccountIds`, then all. */
  readonly allowedAccountIds?: Input<readonly Input<string>[] | undefined>;
  /** Accounts whose keys may not be called. Default: `aws:forbiddenAccountIds`. */
  readonly forbiddenAccountIds?: Input<readonly Input<string>[] | undefined>;
  /** Default: `aws:assumeRole`. */
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

/** The place of a material in the list of its key, oldest first. */
export interface ListPlaceArgs {
  /** Names the list within the program. */
  readonly of: Input<string>;
  /** Counted from 0. */
  readonly place: Input<number>;
  /** `materialFingerprint` of the materials before it, by their places. */
  readonly earlier?: Input<Readonly<Record<string, Input<string>>> | undefined>;
}

/** The inputs of `ImportedKeyMaterial`. */
export interface ImportedKeyMaterialArgs {
  /**
   * Key ID or key ARN of a KMS key of origin EXTERNAL; an alias is refused. ID and ARN of one key are
   * equal. Another key replaces the resource.
   */
  readonly keyId: Input<string>;

  /**
   * Where the material comes from. It is write-only: it can be left to `ignoreChanges` once it is
   * imported, for runs that cannot reach it.
   */
  readonly material: Input<MaterialArgs>;

  /** Lets a preview check the material; otherwise KMS is asked at the first import. */
  readonly keySpec?: Input<ImportableKeySpec | undefined>;

  /**
   * When KMS deletes the material: an RFC 3339 instant with an offset, at most 365 days ahead. It is
   * normalised to whole seconds UTC; a fraction is cut off. Excludes `validFor`.
   */
  readonly validTo?: Input<string | undefined>;

  /**
   * Rolling expiry: how long the material is valid from each import, such as `90d` (units w, d, h, m, s);
   * at most `365d`. Excludes `validTo`.
   */
  readonly validFor?: Input<string | undefined>;

  /**
   * How long before the expiry an update imports again, such as `30d`; shorter than `validFor`.
   * Default: a third of `validFor`.
   */
  readonly renewBefore?: Input<string | undefined>;

  /** Follows from the above, and is refused where it contradicts. */
  readonly expirationModel?: Input<ExpirationModel | undefined>;

  /**
   * `NEW_KEY_MATERIAL` stages further material on a symmetric key for an on-demand rotation.
   * Default: by the history of the key. Symmetric keys only.
   */
  readonly importType?: Input<ImportType | undefined>;

  /**
   * The place of the material in the list of its key, where the program rotates to each further one, as
   * `ImportedKey` does. Other bytes for staged material are refused then: a preview cannot see whether the
   * rotation was made. Equal bytes of two places are refused as well.
   */
  readonly list?: Input<ListPlaceArgs | undefined>;

  /**
   * Up to 202 characters of `a-z A-Z 0-9 : / _ . -` and white space, kept by KMS behind a short
   * fingerprint of the material and a mark of its owner. It is written to CloudTrail: no secrets. Symmetric keys only.
   */
  readonly keyMaterialDescription?: Input<string | undefined>;

  /** Default: the strongest that the key spec allows. */
  readonly wrappingAlgorithm?: Input<WrappingAlgorithm | undefined>;

  /** Default: `RSA_4096`. */
  readonly wrappingKeySpec?: Input<WrappingKeySpec | undefined>;

  /** While true, the material is not deleted, and a destroy fails. Default: false. */
  readonly deletionProtection?: Input<boolean | undefined>;

  /** How long `create`, `update` and `delete` may take, in seconds. Default: 600, 600 and 300. */
  readonly timeouts?: Input<TimeoutsArgs | undefined>;

  /** Where KMS is and as whom to call it: `region`, `profile`, `endpoint`, `assumeRole`. */
  readonly connection?: Input<ConnectionArgs | undefined>;
}
