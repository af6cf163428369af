import { keyArn } from './key-arn';
import { isSymmetric } from '../crypto/key-specs';
import { isComplete, keyState } from './key-state';
import { algorithmsOf } from './key-usage';
import type { Output } from './output';
import { isPending } from './pending-material';
import type { KeyRecord, MaterialRecord } from '../state/store';

/** The KeyMetadata of a settled key, as CreateKey and DescribeKey answer it (recorded for imported symmetric
 * keys, documented for the rest). Only symmetric encryption keys show their material's id (recorded). */
export function keyMetadata(key: KeyRecord): Output {
  const state = keyState(key);
  return {
    AWSAccountId: key.accountId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    CurrentKeyMaterialId: isSymmetric(key) ? key.currentMaterialId : undefined,
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
    // API reference: present only while a primary key waits for its replicas to go.
    PendingDeletionWindowInDays:
      state === 'PendingReplicaDeletion' ? key.deletion?.windowInDays : undefined,
    ...expiry(key),
  };
}

/** API reference, MultiRegionConfiguration: the same for the primary key and each replica. */
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
 * ValidTo is the earliest among the permanently associated materials (API reference). Both members
 * go when a material is deleted (recorded for a key with one); that this holds for any one of
 * several, and that one expiring material makes the key's model, is inferred.
 */
function expiry(key: KeyRecord): Output {
  if (key.origin !== 'EXTERNAL' || !isComplete(key)) return {};
  const instants = key.materials
    .filter((material) => !isPending(material))
    .flatMap(({ validTo }) => validTo ?? []);
  return expiryMembers(instants.length > 0 ? Math.min(...instants) : undefined);
}

/** ExpirationModel and ValidTo for an instant, or for none. */
export function expiryMembers(validTo: MaterialRecord['validTo']): Output {
  return validTo === undefined
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) };
}
