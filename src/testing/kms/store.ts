import type { RandomSource } from './random';

/** Where the bytes of a key's materials come from. Other origins are not served. */
export type KeyOrigin = 'AWS_KMS' | 'EXTERNAL';

/** The state of one material of a symmetric key (kms.md 3.3). */
type MaterialState = 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION';

/** One key material. Instants are epoch milliseconds. */
export interface MaterialRecord {
  /** 64 hex digits, see `material-id.ts`. */
  readonly id: string;
  /** Base64. Absent while the material is deleted or expired. */
  bytes?: string | undefined;
  state: MaterialState;
  description?: string | undefined;
  /** Absent when the material does not expire. */
  validTo?: number | undefined;
  /** When a rotation made it current; absent on the first material and on a pending one. */
  rotatedAt?: number | undefined;
}

/** An on-demand rotation that has been asked for and is not visible yet. */
export interface RotationRecord {
  readonly startedAt: number;
  readonly completesAt: number;
  /** The material that becomes current. An AWS_KMS key's new material is kept here until then. */
  readonly materialId: string;
  readonly generated?: MaterialRecord;
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
  /** What EnableKey and DisableKey switch. */
  enabled: boolean;
  deletion?: { readonly at: number; readonly windowInDays: number } | undefined;
  /** Oldest first. Permanently associated ones, and at most one that is pending, last. */
  materials: MaterialRecord[];
  /** Set by the first import, and it stays when that material is deleted (recorded). */
  currentMaterialId?: string | undefined;
  rotation?: RotationRecord | undefined;
  /** On-demand rotations that were started in the life of the key. */
  rotationCount: number;
}

interface RegionState {
  readonly keys: Map<string, KeyRecord>;
}

interface AccountState {
  readonly regions: Map<string, RegionState>;
}

/** A session made by AssumeRole: the account and name behind an `ASIA…` access key. */
export interface SessionRecord {
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
}

/**
 * All that the embedded KMS remembers: maps of plain records without methods, so that
 * `structuredClone` copies it whole. No rule lives here: operations change the records.
 */
export interface KmsState {
  readonly accounts: Map<string, AccountState>;
  /** By access key id. */
  readonly sessions: Map<string, SessionRecord>;
}

/** The state with its two outside inputs: time and randomness. */
export class Store {
  readonly state: KmsState = { accounts: new Map(), sessions: new Map() };
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: RandomSource;

  constructor(now: () => number, random: RandomSource) {
    this.now = now;
    this.random = random;
  }

  /** The keys of one account and Region, as stored: not settled, see `settle.ts`. */
  keys(accountId: string, region: string): ReadonlyMap<string, KeyRecord> {
    return this.state.accounts.get(accountId)?.regions.get(region)?.keys ?? new Map();
  }

  addKey(key: KeyRecord): void {
    let account = this.state.accounts.get(key.accountId);
    if (account === undefined) {
      account = { regions: new Map() };
      this.state.accounts.set(key.accountId, account);
    }
    let region = account.regions.get(key.region);
    if (region === undefined) {
      region = { keys: new Map() };
      account.regions.set(key.region, region);
    }
    region.keys.set(key.id, key);
  }

  removeKey(key: KeyRecord): void {
    this.state.accounts.get(key.accountId)?.regions.get(key.region)?.keys.delete(key.id);
  }
}
