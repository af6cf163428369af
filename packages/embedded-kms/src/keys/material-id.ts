import { createHmac } from 'node:crypto';

/**
 * The id of a material in a key: 64 hex digits, a one-way hash of both, so that the same bytes have
 * different ids in two keys (AWS Security Blog, June 2025). AWS does not publish its hash: this one
 * is ours, and no client can compute AWS's.
 */
export function materialId(keyId: string, bytes: Buffer): string {
  return createHmac('sha256', bytes).update(`key-material-id:${keyId}`).digest('hex');
}
