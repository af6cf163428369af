import type { KeyRecord } from './store';

/**
 * The material that a usable key encrypts with. The key-state table lets only complete keys
 * through, so a missing material here is a defect of this server and not of the request.
 */
export function currentMaterial(key: KeyRecord): { readonly id: string; readonly bytes: Buffer } {
  const id = key.currentMaterialId;
  const bytes = id === undefined ? undefined : materialBytes(key, id);
  if (id === undefined || bytes === undefined) throw new Error('the key has no current material');
  return { id, bytes };
}

/** The bytes of one material of a key; undefined when the key does not have it. */
export function materialBytes(key: KeyRecord, materialId: string): Buffer | undefined {
  const bytes = key.materials.find(({ id }) => id === materialId)?.bytes;
  return bytes === undefined ? undefined : Buffer.from(bytes, 'base64');
}
