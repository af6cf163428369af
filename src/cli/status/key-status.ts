import type { ObservedMaterial } from '../../domain/observation';
import type { LastUse } from './last-use';
import type { UnreadKey, UnreadRegion } from './read-keys';

/** Something about a key that somebody should know. */
export interface Finding {
  /** `now`: the key cannot be used, or not fully. `soon`: it expires within the time that the user asked for. */
  readonly urgency: 'now' | 'soon' | 'note';
  /** The finding and, where it helps, what to do about it. */
  readonly text: string;
}

/** One key of origin EXTERNAL. */
export interface KeyStatus {
  readonly keyArn: string;
  readonly region: string;
  readonly keyId: string;
  readonly aliases: readonly string[];
  readonly keySpec: string;
  readonly keyState: string;
  readonly isReplica: boolean;
  readonly materials: readonly MaterialStatus[];
  /** The earliest expiry of its materials, RFC 3339. */
  readonly validTo?: string | undefined;
  /** Whole days until then, rounded down; negative when it has passed. */
  readonly daysToExpiry?: number | undefined;
  /** Remaining on-demand rotations, if the key can be rotated. */
  readonly rotationsLeft?: number | undefined;
  /** Absent if it was not asked for. */
  readonly lastUse?: LastUse | undefined;
  readonly findings: readonly Finding[];
}

/** One material of a key. */
export type MaterialStatus = Pick<
  ObservedMaterial,
  'keyMaterialId' | 'keyMaterialState' | 'importState' | 'validTo' | 'description'
>;

/** Returns whether KMS will delete the key, so nobody renews its material. */
export function isLeaving({ keyState }: Pick<KeyStatus, 'keyState'>): boolean {
  return keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion';
}

/** All keys of origin EXTERNAL in some Regions. */
export interface FleetStatus {
  /** RFC 3339. */
  readonly takenAt: string;
  /** The Regions that were read. */
  readonly regions: readonly string[];
  /** Seconds ahead within which an expiry needs action. */
  readonly withinSeconds: number;
  /** Most urgent first. */
  readonly keys: readonly KeyStatus[];
  readonly unread: readonly UnreadKey[];
  readonly unreadRegions: readonly UnreadRegion[];
  /** Notes on what is incomplete, apart from what could not be read. */
  readonly notes: readonly string[];
}
