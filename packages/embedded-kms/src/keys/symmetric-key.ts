import type { RandomBytes } from '../crypto/random';
import type { KeyRecord, MaterialRecord } from '../state/records';
import { isChina } from './key-arn';
import { materialId } from './material-id';

/**
 * The length of a SYMMETRIC_DEFAULT key: AES-256, and in China Regions SM4, which has 128-bit keys
 * (Developer Guide, importing-keys-conceptual).
 */
export function symmetricKeyBytes(region: string): number {
  return isChina(region) ? 16 : 32;
}

/** Makes another material for a symmetric key of origin AWS_KMS, as a rotation does. */
export function nextSymmetricMaterial(
  random: RandomBytes,
  { id: keyId, region }: KeyRecord,
): MaterialRecord & { readonly bytes: string } {
  const bytes = random(symmetricKeyBytes(region));
  return {
    id: materialId(keyId, bytes),
    bytes: bytes.toString('base64'),
    state: 'PENDING_ROTATION',
  };
}
