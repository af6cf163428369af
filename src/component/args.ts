import type { Input } from '@pulumi/pulumi';
import type { ImportableKeySpec, WrappingAlgorithm, WrappingKeySpec } from '../domain/key-specs';
import type { ConnectionArgs, MaterialArgs, TimeoutsArgs } from '../provider/args';
import type { KeyAccess } from './key-policy';

/** Who may do what with a key; see `importedKeyPolicy`. */
export type KeyAccessArgs = {
  readonly [Name in keyof KeyAccess]: Input<KeyAccess[Name]>;
};

/** One further Region of a multi-Region key. */
export interface ReplicaArgs {
  /** AWS Region, such as `us-east-1`; not that of the primary key. It is part of resource names. */
  readonly region: string;
  /** Default: that of the primary key. */
  readonly description?: Input<string | undefined>;
  /** Default: that of the primary key, `access` included. KMS shares no policy between Regions. */
  readonly policy?: Input<string | undefined>;
  /** Default: those of the primary key. KMS shares no tags between Regions. */
  readonly tags?: Input<Readonly<Record<string, Input<string>>> | undefined>;
  /** ARNs of what the alarm of this Region notifies; they must be in this Region. Default: none. */
  readonly alarmActions?: readonly Input<string>[];
  /** ARNs of the targets of the expiration event in this Region. Default: no rule here. */
  readonly expirationEventTargets?: readonly Input<string>[];
}

/** The alarm before material expires. */
export interface ExpiryAlarmArgs {
  /** The alarm fires while less than this many days are left; 1 to 364. */
  readonly daysBefore: number;
  /** ARNs of what it notifies, such as an SNS topic in the Region of the primary key. Default: none. */
  readonly actions?: readonly Input<string>[];
}

/** The inputs of `ImportedKey`. */
export interface ImportedKeyArgs {
  /**
   * The materials of the key, oldest first; the last one is current. Appending one is a rotation. None
   * is ever removed or moved: KMS needs all of them to decrypt. 1 to 26 for `SYMMETRIC_DEFAULT` (KMS
   * rotates a key 25 times in its life), and exactly 1 for every other key spec.
   */
  readonly materials: readonly Input<MaterialArgs>[];

  /** Default: `SYMMETRIC_DEFAULT`. Another one replaces the key, which its `protect` refuses. */
  readonly keySpec?: ImportableKeySpec;

  /**
   * AWS's `KeyUsage`. Default: `ENCRYPT_DECRYPT` of symmetric keys, `GENERATE_VERIFY_MAC` of HMAC keys,
   * `SIGN_VERIFY` of ECC keys. RSA keys need it said. Another one replaces the key.
   */
  readonly keyUsage?: Input<string>;

  /** Up to 8192 characters. It is written to CloudTrail: no secrets. */
  readonly description?: Input<string | undefined>;

  /**
   * An alias of the key in each of its Regions, with or without `alias/` in front. It is given once the
   * key can be used there. Default: none.
   */
  readonly alias?: Input<string>;

  /** Key policy as JSON. Excludes `access`. Default: KMS's own, which leaves it to IAM. */
  readonly policy?: Input<string | undefined>;

  /** Least privilege in place of `policy`: who administers, who imports, who uses. */
  readonly access?: KeyAccessArgs;

  /** Tags of the key. */
  readonly tags?: Input<Readonly<Record<string, Input<string>>> | undefined>;

  /**
   * Disables and enables the key. Leave it out unless you need it: KMS enables a key when its material
   * is imported, and then only a refresh and another update bring it back to `false`. Default: not
   * managed.
   */
  readonly enabled?: Input<boolean>;

  /** Days, 7 to 30, in which the deletion of the key can be cancelled. Default: 30. */
  readonly deletionWindowInDays?: Input<number>;

  /** Region of the key. Default: that of the aws provider. */
  readonly region?: Input<string>;

  /** Makes a multi-Region primary key. Default: whether there are `replicas`. Cannot be changed. */
  readonly multiRegion?: boolean;

  /** Further Regions. All materials are imported in each; the key rotates when all Regions have them. */
  readonly replicas?: readonly ReplicaArgs[];

  /** When KMS deletes the materials, all of them: as for `ImportedKeyMaterial`. */
  readonly validTo?: Input<string | undefined>;

  /** Rolling expiry of all materials, such as `90d`: as for `ImportedKeyMaterial`. */
  readonly validFor?: Input<string | undefined>;

  /** How long before the expiry an update imports again. Default: a third of `validFor`. */
  readonly renewBefore?: Input<string | undefined>;

  /** A CloudWatch alarm in each Region of the key. Needs `validTo` or `validFor`. Default: none. */
  readonly alarm?: ExpiryAlarmArgs;

  /**
   * ARNs of what EventBridge tells, in the Region of the primary key, when material has expired. The
   * policies of the targets must let EventBridge in. Default: no rule.
   */
  readonly expirationEventTargets?: readonly Input<string>[];

  /**
   * Deletes the material at once when the stack is destroyed, so that nothing that the key encrypted can
   * be read any more (crypto-shredding), whatever the deletion window. By default material goes with its
   * key: a destroyed key whose deletion is cancelled works again. Default: false.
   */
  readonly shredOnDestroy?: boolean;

  /**
   * ID of an existing key of origin EXTERNAL that this resource takes over; `description`, `tags` and `policy`
   * must be what it has. Default: a new key.
   */
  readonly adoptKeyId?: string;

  /** Default: the strongest that the key spec allows. */
  readonly wrappingAlgorithm?: Input<WrappingAlgorithm | undefined>;

  /** Default: `RSA_4096`. */
  readonly wrappingKeySpec?: Input<WrappingKeySpec | undefined>;

  /** As whom to import, and where KMS is; the Region is that of the key. */
  readonly connection?: Input<Omit<ConnectionArgs, 'region'> | undefined>;

  /** How long an operation on one material may take. */
  readonly timeouts?: Input<TimeoutsArgs | undefined>;
}
