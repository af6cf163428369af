import { createHash } from 'node:crypto';
import { DIGEST_BYTES, type SigningHash } from './signing-scheme';

const TRAILER = 0xbc; // RFC 8017 §9.1.1, step 12

/**
 * EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with MGF1 of the same hash.
 *
 * @param length - bytes of the modulus, whose bits are a multiple of eight
 */
export function encodePss(hash: SigningHash, digest: Buffer, salt: Buffer, length: number): Buffer {
  const h = innerHash(hash, digest, salt);
  const db = Buffer.alloc(length - h.length - 1);
  db.writeUInt8(1, db.length - salt.length - 1);
  salt.copy(db, db.length - salt.length);
  const masked = exclusiveOr(db, mgf1(hash, h, db.length));
  return Buffer.concat([clearFirstBit(masked), h, Buffer.from([TRAILER])]);
}

/** EMSA-PSS-VERIFY (RFC 8017 §9.1.2) with a salt as long as the hash. */
export function isPssEncodingOf(hash: SigningHash, digest: Buffer, encoded: Buffer): boolean {
  const hashBytes = DIGEST_BYTES[hash];
  const dbBytes = encoded.length - hashBytes - 1;
  const masked = encoded.subarray(0, dbBytes);
  const h = encoded.subarray(dbBytes, -1);
  if (encoded.at(-1) !== TRAILER || masked.readUInt8(0) >= 0x80) return false;
  const db = clearFirstBit(exclusiveOr(masked, mgf1(hash, h, dbBytes)));
  const oneAt = dbBytes - hashBytes - 1;
  const padded = db.subarray(0, oneAt).every((byte) => byte === 0) && db[oneAt] === 1;
  return padded && innerHash(hash, digest, db.subarray(oneAt + 1)).equals(h);
}

function innerHash(hash: SigningHash, digest: Buffer, salt: Buffer): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

/** RFC 8017 §B.2.1. */
function mgf1(hash: SigningHash, seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / DIGEST_BYTES[hash]) }, (_, counter) => {
    const counterBytes = Buffer.alloc(4);
    counterBytes.writeUInt32BE(counter);
    return createHash(hash).update(seed).update(counterBytes).digest();
  });
  return Buffer.concat(blocks).subarray(0, length);
}

function exclusiveOr(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

/** The modulus has one bit more than the encoding (RFC 8017 §8.1.1). */
function clearFirstBit(bytes: Buffer): Buffer {
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes;
}
