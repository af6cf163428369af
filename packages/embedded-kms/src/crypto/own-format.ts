import { createHash } from 'node:crypto';

/** Bytes and texts that only this server writes and reads. AWS documents none of their formats. */
type OwnFormat = 'ciphertext' | 'grant token' | 'marker';

/** The length of {@link checkOf}, so great that no other bytes pass by chance. */
export const CHECK_BYTES = 16;

/**
 * Returns a checksum that distinguishes bytes of a format from all others, damaged ones included. It
 * authenticates nothing: anybody can calculate it.
 */
export function checkOf(format: OwnFormat, bytes: Buffer): Buffer {
  const hash = createHash('sha256').update(`embedded-kms ${format}:`).update(bytes);
  return hash.digest().subarray(0, CHECK_BYTES);
}

/** Returns an opaque text for a caller, to be read by {@link readOpaque} when it comes back. */
export function opaque(format: OwnFormat, content: string): string {
  const bytes = Buffer.from(content);
  return Buffer.concat([checkOf(format, bytes), bytes]).toString('base64url');
}

/** The content of an opaque text; undefined when {@link opaque} did not make it. */
export function readOpaque(format: OwnFormat, text: string): string | undefined {
  const content = Buffer.from(text, 'base64url').subarray(CHECK_BYTES).toString();
  return opaque(format, content) === text ? content : undefined;
}
