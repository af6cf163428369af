import { isComplete, keyState } from './key-state';
import type { Output } from './operation';
import type { KeyRecord, MaterialRecord } from './store';

/** The KeyMetadata of a settled key, as CreateKey and DescribeKey answer it (kms.md 1.4, 1.6). */
export function keyMetadata(key: KeyRecord): Output {
  const state = keyState(key);
  return {
    AWSAccountId: key.accountId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    CurrentKeyMaterialId: key.currentMaterialId,
    CustomerMasterKeySpec: key.keySpec,
    DeletionDate: key.deletion && new Date(key.deletion.at),
    Description: key.description,
    Enabled: state === 'Enabled',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    KeyId: key.id,
    KeyManager: 'CUSTOMER',
    KeySpec: key.keySpec,
    KeyState: state,
    KeyUsage: key.keyUsage,
    MultiRegion: false,
    Origin: key.origin,
    ...expiry(key),
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
    .filter(({ state }) => state !== 'PENDING_ROTATION')
    .flatMap(({ validTo }) => validTo ?? []);
  return expiryMembers(instants.length > 0 ? Math.min(...instants) : undefined);
}

/** ExpirationModel and ValidTo for an instant, or for none. */
export function expiryMembers(validTo: MaterialRecord['validTo']): Output {
  return validTo === undefined
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) };
}
