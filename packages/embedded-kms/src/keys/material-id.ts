import { createHmac } from 'node:crypto';

/**
 * Returns the id of a material in a key: 64 hex digits, a one-way hash of both, so the same bytes have
 * different ids in two keys (AWS Security Blog, June 2025). AWS does not publish its hash, so this one is
 * different.
 */
export function materialId(keyId: string, bytes: Buffer): string {
  return createHmac('sha256', bytes).update(`key-material-id:${keyId}`).digest('hex');
}
