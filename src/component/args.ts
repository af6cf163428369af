import type { Input } from '@pulumi/pulumi';
import type { ImportableKeySpec } from '../domain/key-specs';
import type { ConnectionArgs, ImportedKeyMaterialArgs, MaterialArgs } from '../provider/args';
import type { SharedInput } from '../domain/shared-inputs';
import type { KeyAccess } from '../domain/key-policy';

/** Principals of a key and what each may do; see `importedKeyPolicy`. */
export type KeyAccessArgs = {
  readonly [Name in keyof KeyAccess]: Input<KeyAccess[Name]>;
};

/** As {@link ConnectionArgs}, without the Region, which is that of the key. */
export type KeyConnectionArgs = Omit<ConnectionArgs, 'region'>;

/** One further Region of a multi-Region key. */
export interface ReplicaArgs {
  /** AWS Region, such as `us-east-1`, other than that of the primary key. It is part of resource names. */
  readonly region: string;
  /** Default: that of the primary key. */
  readonly description?: Input<string | undefined>;
  /** Default: that of the primary key, also if `access` makes it. KMS shares no policy between Regions. */
  readonly policy?: Input<string | undefined>;
  /** Default: those of the primary key. KMS shares no tags between Regions. */
  readonly tags?: Input<Readonly<Record<string, Input<string>>> | undefined>;
  /** ARNs that the alarm of this Region notifies; they must be in this Region. Default: none. */
  readonly alarmActions?: readonly Input<string>[];
  /** ARNs of the targets of the expiration event in this Region. Default: no rule here. */
  readonly expirationEventTargets?: readonly Input<string>[];
}

/** The alarm on material that expires soon. */
export interface ExpiryAlarmArgs {
  /** The alarm fires if fewer days than this are left: 1 to 364. */
  readonly daysBefore: number;
  /** ARNs that it notifies, such as an SNS topic in the Region of the primary key. Default: none. */
  readonly actions?: readonly Input<string>[];
}

/** The inputs of `ImportedKey`. Those of `ImportedKeyMaterial` are for each of its materials. */
export interface ImportedKeyArgs extends Pick<ImportedKeyMaterialArgs, SharedInput> {
  /**
   * The materials of the key, oldest first. The last one is current. Appending one rotates the key. Never remove
   * or move one: KMS needs all of them to decrypt. 1 to 26 for `SYMMETRIC_DEFAULT`, because KMS
   * rotates a key 25 times in its life, and exactly 1 for every other key spec.
   */
  readonly materials: readonly Input<MaterialArgs>[];

  /** Default: `SYMMETRIC_DEFAULT`. A change replaces the key, which its option `protect` prevents. */
  readonly keySpec?: ImportableKeySpec;

  /**
   * `KeyUsage` of AWS. Default: `ENCRYPT_DECRYPT` for symmetric keys, `GENERATE_VERIFY_MAC` for HMAC keys,
   * `SIGN_VERIFY` for ECC keys. Required for RSA keys. A change replaces the key.
   */
  readonly keyUsage?: Input<string>;

  /** Up to 8192 characters. CloudTrail logs it, so it must not be secret. */
  readonly description?: Input<string | undefined>;

  /**
   * Alias of the key in each of its Regions, with or without the prefix `alias/`. It is created once the key can
   * be used in the Region. Default: none.
   */
  readonly alias?: Input<string>;

  /** Key policy as JSON. Excludes `access`. Default: that of KMS, which leaves access to IAM. */
  readonly policy?: Input<string | undefined>;

  /** Makes a policy of least privilege from who administers, who imports and who uses the key. */
  readonly access?: KeyAccessArgs;

  /** Tags of the key. */
  readonly tags?: Input<Readonly<Record<string, Input<string>>> | undefined>;

  /**
   * Whether the key is enabled. Leave it out unless you need it: KMS enables a key when its material
   * is imported, and then `false` takes effect again only after a refresh and another update. Default: not
   * managed.
   */
  readonly enabled?: Input<boolean>;

  /** Days, 7 to 30, in which the deletion of the key can be cancelled. Default: 30. */
  readonly deletionWindowInDays?: Input<number>;

  /** Region of the key. Default: that of the aws provider. */
  readonly region?: Input<string>;

  /** Makes a multi-Region primary key. Default: true if there are `replicas`. An existing key stays as it is. */
  readonly multiRegion?: boolean;

  /** Further Regions. All materials are imported in each, and the key rotates once all Regions have them. */
  readonly replicas?: readonly ReplicaArgs[];

  /** CloudWatch alarm in each Region of the key. Needs `validTo` or `validFor`. Default: none. */
  readonly alarm?: ExpiryAlarmArgs;

  /**
   * ARNs of targets in the Region of the primary key that EventBridge notifies when material has expired. The
   * policies of the targets must allow EventBridge. Default: no rule.
   */
  readonly expirationEventTargets?: readonly Input<string>[];

  /**
   * Deletes the material immediately when the stack is destroyed, before the deletion window ends. Nothing that
   * the key encrypted can be decrypted after that (crypto-shredding). By default the material stays with its
   * key, so a key works again if its deletion is cancelled. Default: false.
   */
  readonly shredOnDestroy?: boolean;

  /**
   * Refuses to delete material while its key is in use, as for `ImportedKeyMaterial`, such as `30d`. It matters
   * above all with `shredOnDestroy`. Each Region of the key has its own record of uses. Default: no guard.
   */
  readonly deleteUnlessUsedWithin?: Input<string | undefined>;

  /**
   * ID of an existing key of origin EXTERNAL that this resource takes over. `description`, `tags` and `policy`
   * must match those of the key. Default: a new key.
   */
  readonly adoptKeyId?: string;

  /** Endpoint of KMS, and the identity that imports. The Region is that of the key. */
  readonly connection?: Input<KeyConnectionArgs | undefined>;
}
