import { expiryMembers } from './expiry';
import { keyArn } from './key-arn';
import { isSymmetric } from '../crypto/key-specs';
import { isComplete, keyState } from './key-state';
import { algorithmsOf } from './key-usage';
import type { Output } from './output';
import { isPending } from './pending-material';
import type { KeyRecord } from '../state/records';

/**
 * Returns the KeyMetadata of a settled key, as in CreateKey and DescribeKey (recorded for imported
 * symmetric keys, documented for the rest). Only symmetric encryption keys show the id of their material
 * (recorded), and a replica that is Creating does not (recorded 2025-11-10 for ReplicateKey).
 */
export function keyMetadata(key: KeyRecord): Output {
  const state = keyState(key);
  return {
    AWSAccountId: key.accountId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    CurrentKeyMaterialId:
      isSymmetric(key) && state !== 'Creating' ? key.currentMaterialId : undefined,
    CustomerMasterKeySpec: key.keySpec,
    DeletionDate: key.deletion?.at === undefined ? undefined : new Date(key.deletion.at),
    Description: key.description,
    Enabled: state === 'Enabled',
    KeyId: key.id,
    KeyManager: 'CUSTOMER',
    KeySpec: key.keySpec,
    KeyState: state,
    KeyUsage: key.keyUsage,
    ...algorithmsOf(key),
    MultiRegion: key.multiRegion !== undefined,
    MultiRegionConfiguration: multiRegionConfiguration(key),
    Origin: key.origin,
    // API reference: present only while a primary key waits for the deletion of its replicas.
    PendingDeletionWindowInDays:
      state === 'PendingReplicaDeletion' ? key.deletion?.windowInDays : undefined,
    ...expiry(key),
  };
}

/** The primary key and each replica show the same keys (API reference, MultiRegionConfiguration). */
function multiRegionConfiguration({ id, accountId, region, multiRegion }: KeyRecord) {
  if (multiRegion === undefined) return undefined;
  const { primaryRegion, replicaRegions } = multiRegion;
  const member = (of: string) => ({ Arn: keyArn(of, accountId, id), Region: of });
  return {
    MultiRegionKeyType: primaryRegion === region ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: member(primaryRegion),
    ReplicaKeys: replicaRegions.map(member),
  };
}

/**
 * ValidTo is the earliest among the permanently associated materials (API reference). Both members are
 * absent while the material is deleted (recorded for a key with one). Inferred: they are also absent while
 * any one of several is deleted, and one material that expires sets the model of the key.
 */
function expiry(key: KeyRecord): Output {
  if (key.origin !== 'EXTERNAL' || !isComplete(key)) return {};
  const instants = key.materials
    .filter((material) => !isPending(material))
    .flatMap(({ validTo }) => validTo ?? []);
  return expiryMembers(instants.length > 0 ? Math.min(...instants) : undefined);
}
