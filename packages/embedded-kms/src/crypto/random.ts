/**
 * Returns `size` random bytes, never fewer. The server uses them for key ids, materials, initialization
 * vectors and the secret of import tokens. RSA and EC pairs come from OpenSSL's own generator.
 */
export type RandomBytes = (size: number) => Buffer;

/** A version 4 UUID (RFC 9562 §5.4), the form of KMS key ids. */
export function randomUuid(random: RandomBytes): string {
  const bytes = random(16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Returns 16 base-32 characters, the part after `ASIA` and `AROA` in AWS's unique identifiers. */
export function randomUniqueId(random: RandomBytes): string {
  return Array.from(random(16), (byte) => BASE32.charAt(byte % BASE32.length)).join('');
}
