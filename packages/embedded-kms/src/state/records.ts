/** The origin of a key's material. Other origins are not served. */
export type KeyOrigin = 'AWS_KMS' | 'EXTERNAL';

/** KeyMaterialState of ListKeyRotations (API reference, RotationsListEntry). */
export type MaterialState =
  | 'CURRENT'
  | 'NON_CURRENT'
  | 'PENDING_ROTATION'
  // On multi-Region keys, until the primary and every replica have the bytes.
  | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/** One key material. Instants are epoch milliseconds. */
export interface MaterialRecord {
  /** 64 hex digits, see `material-id.ts`. */
  readonly id: string;
  /** Base64; of a key pair, its PKCS#8. Absent while the material is deleted or expired. */
  bytes?: string | undefined;
  /** Base64 SubjectPublicKeyInfo of a key pair. It stays when the private key is deleted. */
  readonly publicKey?: string;
  state: MaterialState;
  description?: string | undefined;
  /** Absent when the material does not expire. */
  validTo?: number | undefined;
  /** When a rotation made it current; absent from the first material and from a pending one. */
  rotatedAt?: number | undefined;
  /** Absent after rotations on demand. */
  rotationType?: 'AUTOMATIC';
}

/** The automatic rotation of a symmetric key whose material AWS generated. */
export interface AutomaticRotationRecord {
  readonly periodInDays: number;
  readonly nextAt: number;
}

/** Another name of a key, stored with the key, so that it is deleted with the key. */
export interface AliasRecord {
  /** With its `alias/` prefix; unique in an account and Region. */
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The conditions of a grant, by AWS's names. */
export interface GrantConstraints {
  readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
  readonly SourceArn?: string;
}

/** A grant, as ListGrants shows it. It is stored and never evaluated. */
export interface GrantRecord {
  /** 64 hex digits. */
  readonly id: string;
  readonly createdAt: number;
  readonly name?: string | undefined;
  /** An ARN. A grant has this or the next, and at most one of the two after them. */
  readonly granteePrincipal?: string | undefined;
  /** The name of a service. */
  readonly granteeServicePrincipal?: string | undefined;
  readonly retiringPrincipal?: string | undefined;
  readonly retiringServicePrincipal?: string | undefined;
  readonly operations: readonly string[];
  readonly constraints?: GrantConstraints | undefined;
}

/** One use of a key by a cryptographic operation. */
export interface UsageRecord {
  readonly operation: string;
  readonly at: number;
  /** Of the event in CloudTrail, a UUID. */
  readonly eventId: string;
  readonly requestId: string;
}

/** An on-demand rotation that was requested and has not taken effect yet. */
export interface RotationRecord {
  readonly startedAt: number;
  readonly completesAt: number;
  /** The material that becomes current. The generated material of an AWS_KMS key stays here until then. */
  readonly materialId: string;
  readonly generated?: MaterialRecord;
}

/** The data that related multi-Region keys have about each other. `synchronise.ts` keeps it up to date. */
export interface MultiRegionRecord {
  readonly primaryRegion: string;
  /** In the order of their creation. */
  readonly replicaRegions: readonly string[];
}

/** A state that ends by itself: of a replica that is being created, or of keys that change roles. */
interface TransitionRecord {
  readonly state: 'Creating' | 'Updating';
  readonly until: number;
}

/** A deletion that is scheduled. */
interface DeletionRecord {
  /** Undefined on a primary key whose window begins when its last replica is deleted. */
  readonly at: number | undefined;
  readonly windowInDays: number;
}

/** One tag, in the order in which it was first set. */
export interface TagRecord {
  readonly key: string;
  value: string;
}

/** One KMS key. Its KeyState is not stored: it is derived, see `key-state.ts`. */
export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  readonly origin: KeyOrigin;
  readonly keySpec: string;
  readonly keyUsage: string;
  description: string;
  policy: string;
  tags: TagRecord[];
  /** Switched by EnableKey and DisableKey. */
  enabled: boolean;
  deletion?: DeletionRecord | undefined;
  transition?: TransitionRecord | undefined;
  /** Present on multi-Region keys, whose id is the same in all their Regions. */
  multiRegion?: MultiRegionRecord;
  /** Oldest first: the permanently associated materials, then at most one that is pending. */
  materials: MaterialRecord[];
  /** Set by the first import. It stays when that material is deleted (recorded). */
  currentMaterialId?: string | undefined;
  rotation?: RotationRecord | undefined;
  /** Absent while automatic rotation is off. On multi-Region keys the primary has it. */
  automaticRotation?: AutomaticRotationRecord | undefined;
  /** Set by {@link Store.setAliases}, oldest first. */
  readonly aliases?: readonly AliasRecord[];
  /** Set by {@link Store.setGrants}, oldest first. */
  readonly grants?: readonly GrantRecord[];
  /** The last use that GetKeyLastUsage shows, and a later one that it will show from an instant on. */
  usage?: {
    readonly shown?: UsageRecord | undefined;
    readonly pending?: UsageRecord;
    readonly visibleAt?: number;
  };
  /** On-demand rotations that were started in the life of the key. */
  rotationCount: number;
}

export interface RegionState {
  /** In the order of creation. */
  readonly keys: Map<string, KeyRecord>;
}

interface AccountState {
  readonly regions: Map<string, RegionState>;
}

/** A session made by AssumeRole: the account and name behind an `ASIA…` access key. */
export interface SessionRecord {
  /** The secret that its requests are signed with, for servers that verify signatures. */
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly arn: string;
  /** Of the role that was assumed, with its path, which the ARN of the session does not have. */
  readonly roleArn: string;
  readonly userId: string;
}

/**
 * The whole state of the embedded KMS: maps of plain records without methods, which `structuredClone` can
 * copy. It has no rules: operations change the records.
 */
export interface KmsState {
  readonly accounts: Map<string, AccountState>;
  /** By access key id. */
  readonly sessions: Map<string, SessionRecord>;
}
