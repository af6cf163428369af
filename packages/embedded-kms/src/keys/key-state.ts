import {
  creating,
  disabled,
  invalidOrigin,
  notPendingDeletion,
  pendingDeletion,
  pendingImport,
  pendingReplicaDeletion,
  updating,
  type KmsError,
} from '../errors/kms-error';
import { isPending } from './pending-material';
import type { KeyRecord } from '../state/records';

/** The KeyState values that have a column in AWS's table. */
type KeyStateColumn =
  'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Creating' | 'Updating';

/** KeyState in DescribeKey. PendingReplicaDeletion shares the column of PendingDeletion. */
export type KeyState = KeyStateColumn | 'PendingReplicaDeletion';

/**
 * Returns the state of a settled key. It is derived, so it always agrees with the materials: a key that
 * lacks any permanently associated material is PendingImport (Developer Guide, importing-keys).
 */
export function keyState(key: KeyRecord): KeyState {
  if (key.deletion !== undefined) {
    return key.deletion.at === undefined ? 'PendingReplicaDeletion' : 'PendingDeletion';
  }
  if (key.transition?.state === 'Creating') return 'Creating';
  if (!isComplete(key)) return 'PendingImport';
  if (key.transition !== undefined) return 'Updating';
  return key.enabled ? 'Enabled' : 'Disabled';
}

/** Whether the key has all of its permanently associated materials, and at least one. */
export function isComplete(key: KeyRecord): boolean {
  return (
    key.currentMaterialId !== undefined &&
    key.materials.every((material) => isPending(material) || material.bytes !== undefined)
  );
}

// The notes under AWS's key-state table (Developer Guide, key-state). Each returns its error, or undefined
// when its condition is not met. Note 2 is for keys that AWS reports as disabled while they are pending
// deletion: the recordings show note 3 instead. Note 7 is for custom key stores, which are not served.
const NOTES = {
  1: ({ arn }) => disabled(arn),
  3: (key) => deletionPending(key),
  4: ({ arn }) => notPendingDeletion(arn),
  5: ({ arn }) => pendingImport(arn),
  6: ({ arn, origin }) => invalidOrigin(arn, origin),
  8: (key) => deletionPending(key),
  9: ({ arn, origin }) => (origin === 'EXTERNAL' ? undefined : invalidOrigin(arn, origin)),
  14: ({ arn }) => creating(arn),
  15: ({ arn }) => updating(arn),
} satisfies Record<number, (key: KeyRecord) => KmsError | undefined>;

function deletionPending({ arn, deletion }: KeyRecord): KmsError {
  return deletion?.at === undefined ? pendingReplicaDeletion(arn) : pendingDeletion(arn);
}

type Note = keyof typeof NOTES;

/** Notes in the order in which they are tried. The first that applies is the answer; none means allowed. */
type Cell = readonly Note[];

const COLUMNS = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
  'Creating',
  'Updating',
] as const satisfies readonly KeyStateColumn[];

type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell];

const ok: Cell = [];

const always: Row = [ok, ok, ok, ok, ok, ok];
const management: Row = [ok, ok, [3], ok, ok, ok];
const switching: Row = [ok, ok, [3], [5], [14], [15]];
const switchingRotation: Row = [ok, [1], [3], [6], [14], ok];
const cryptographic: Row = [ok, [1], [3], [5], [14], ok];

/** AWS's key-state table (Developer Guide, key-state): operation by key state. */
const TABLE = {
  // On a key pending deletion AWS's table has only note 9 for ImportKeyMaterial, which does not cover keys
  // of origin EXTERNAL; for those the API reference names KMSInvalidStateException.
  GetParametersForImport: [[9], [9], [9, 8], ok, [14], [15]],
  ImportKeyMaterial: [[9], [9], [9, 8], ok, [14], ok],
  DeleteImportedKeyMaterial: [[9], [9], [9], ok, [14], [15]],
  DescribeKey: always,
  GetKeyPolicy: always,
  // Not in the table: inferred.
  GetKeyLastUsage: always,
  PutKeyPolicy: always,
  ListKeyPolicies: always,
  ListResourceTags: always,
  ListKeyRotations: always,
  GetKeyRotationStatus: [ok, ok, ok, [6], ok, ok],
  RotateKeyOnDemand: [ok, [1], [3], [5], [14], ok],
  EnableKey: switching,
  DisableKey: switching,
  ReplicateKey: [ok, [1], [3], [5], [14], [15]],
  UpdatePrimaryRegion: [ok, [1], [3], [5], [14], ok],
  ScheduleKeyDeletion: [ok, ok, [3], ok, ok, [15]],
  CancelKeyDeletion: [[4], [4], ok, [4], [4], [4]],
  TagResource: management,
  UntagResource: management,
  UpdateKeyDescription: management,
  CreateAlias: management,
  // This is for the new key of the alias. The old key may be in any state, and so may that of DeleteAlias.
  UpdateAlias: management,
  ListAliases: always,
  EnableKeyRotation: switchingRotation,
  DisableKeyRotation: switchingRotation,
  CreateGrant: cryptographic,
  ListGrants: always,
  RetireGrant: always,
  RevokeGrant: always,
  GetPublicKey: [ok, ok, [3], ok, [14], ok],
  Encrypt: cryptographic,
  Decrypt: cryptographic,
  ReEncrypt: cryptographic,
  GenerateDataKey: cryptographic,
  GenerateDataKeyWithoutPlaintext: cryptographic,
  GenerateDataKeyPair: cryptographic,
  GenerateDataKeyPairWithoutPlaintext: cryptographic,
  Sign: cryptographic,
  Verify: cryptographic,
  GenerateMac: cryptographic,
  VerifyMac: cryptographic,
  DeriveSharedSecret: cryptographic,
  Encapsulate: cryptographic,
  Decapsulate: cryptographic,
} as const satisfies Record<string, Row>;

/** An operation that has a row in the table. */
export type KeyOperation = keyof typeof TABLE;

/** @throws {@link KmsError} when AWS's table refuses the operation in the key's present state. */
export function assertAllowed(key: KeyRecord, operation: KeyOperation): void {
  const row: Row = TABLE[operation];
  const state = keyState(key);
  const column = state === 'PendingReplicaDeletion' ? 'PendingDeletion' : state;
  const cell = row[COLUMNS.indexOf(column)] ?? ok;
  for (const note of cell) {
    const error = NOTES[note](key);
    if (error !== undefined) throw error;
  }
}
