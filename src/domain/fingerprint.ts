import { createHash } from 'node:crypto';
import { keyResource, type KeyReference } from './identifiers';

/** `v1:` and 64 hex digits. */
export type Fingerprint = `v1:${string}`;

// Separates this hash from every other use of SHA-256 over the same bytes.
const DOMAIN = 'pulumi-kms-byok/fingerprint/v1';

/**
 * Identifies material within one key without revealing it: SHA-256 over a domain string, the
 * resource part of the key ARN and the material, each preceded by its length as 32 bits, so that
 * no two different inputs run together. Equal material in two keys has two fingerprints. Key ID and
 * key ARN of one key give the same one, and so do the replicas of a multi-Region key.
 *
 * Material must be random, as KMS requires of it: like every hash, this one confirms a guess.
 */
export function fingerprint(key: KeyReference, material: Uint8Array): Fingerprint {
  const hash = createHash('sha256').update(fingerprintPrefix(key));
  hash.update(lengthOf(material)).update(material);
  return `v1:${hash.digest('hex')}`;
}

/** Returns the bytes that {@link fingerprint} hashes before the material and its length. */
export function fingerprintPrefix(key: KeyReference): Buffer {
  const parts = [Buffer.from(DOMAIN), Buffer.from(keyResource(key))];
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), part]));
}

function lengthOf(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}

/** `v1:` and the first 128 bits: short enough for a key material description. */
export function shortFingerprint(full: Fingerprint): string {
  return full.slice(0, 'v1:'.length + 32);
}
