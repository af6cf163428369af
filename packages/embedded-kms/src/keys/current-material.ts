import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyRecord, MaterialRecord } from '../state/records';
import { privateKeyObject } from '../crypto/private-key-object';

/** Returns the current material of a usable key. */
export function currentMaterial(key: KeyRecord): { readonly id: string; readonly bytes: Buffer } {
  const { id, bytes } = current(key);
  return { id, bytes: Buffer.from(bytes, 'base64') };
}

/** Returns the private key of a usable key pair. */
export function currentPrivateKey(key: KeyRecord): KeyObject {
  return privateKeyObject({ key: currentMaterial(key).bytes, format: 'der', type: 'pkcs8' });
}

/** Returns the public key of a usable key pair. */
export function currentPublicKey(key: KeyRecord): KeyObject {
  const { publicKey = '' } = current(key);
  return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
}

/** Returns the bytes of one material of a key; undefined when the key does not have them. */
export function materialBytes(key: KeyRecord, materialId: string): Buffer | undefined {
  const bytes = key.materials.find(({ id }) => id === materialId)?.bytes;
  return bytes === undefined ? undefined : Buffer.from(bytes, 'base64');
}

/**
 * The key-state table admits only complete keys, so missing material is a defect of this server, not of
 * the request.
 */
function current(key: KeyRecord): MaterialRecord & { readonly bytes: string } {
  const material = key.materials.find(({ id }) => id === key.currentMaterialId);
  const bytes = material?.bytes;
  if (material === undefined || bytes === undefined) throw new Error('no current material');
  return { ...material, bytes };
}
