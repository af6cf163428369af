import { createCipheriv, createHash } from 'node:crypto';
import { CMAC_BYTES, type CheckValue } from '../domain/check-value';
import { isChinaRegion } from '../domain/identifiers';
import { materialKind } from '../domain/key-specs';
import { assert, ByokError } from '../errors';
import type { CheckedKey } from './material';
import type { MacHash } from './material-proof';

/** The message that a MAC is computed of: 16 zero bytes. */
export const CHECK_MESSAGE = Buffer.alloc(16);

const BLOCK = 16;

/**
 * Returns the MAC that a check value of a secret needs.
 *
 * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE` for a key in a China Region, which is SM4 and not AES
 */
export function macOf({ keySpec, region }: CheckedKey): 'cmac' | MacHash {
  const isSymmetric = materialKind(keySpec).kind === 'symmetric';
  assert(
    !isSymmetric || region === undefined || !isChinaRegion(region),
    'CHECK_VALUE_UNAVAILABLE',
    'recordCheckValue is for AES keys, and symmetric keys of the China Regions are SM4: leave it out for this key',
  );
  return isSymmetric ? 'cmac' : (keySpec.replace('HMAC_', 'sha') as MacHash);
}

/** Returns a MAC of {@link CHECK_MESSAGE} as a check value. */
export function macCheckValue(mac: 'cmac' | MacHash, result: Uint8Array): CheckValue {
  const hex = Buffer.from(result).toString('hex');
  return mac === 'cmac'
    ? { method: 'AES_CMAC', value: hex.slice(0, 2 * CMAC_BYTES) }
    : { method: `HMAC_SHA_${mac.replace('sha', '')}` as CheckValue['method'], value: hex };
}

/**
 * Returns the check value of a key pair.
 *
 * @param publicKey - DER SubjectPublicKeyInfo
 */
export function publicKeyCheckValue(publicKey: Uint8Array): CheckValue {
  const value = createHash('sha256').update(publicKey).digest('hex');
  return { method: 'PUBLIC_KEY_SHA_256', value };
}

/** Why material of a source has no check value here. */
const NOT_HERE = {
  wrapped: 'material.wrapped has only a ciphertext',
  wrapCommand: 'only the command of material.wrapCommand sees the material',
} as const;

/** Returns the error for the material of such a source. */
export function noCheckValueOf(kind: keyof typeof NOT_HERE): ByokError {
  return noCheckValue(NOT_HERE[kind]);
}

/** Returns the error for material that nobody here can compute a check value of. */
export function noCheckValue(reason: string): ByokError {
  return new ByokError(
    'CHECK_VALUE_UNAVAILABLE',
    `recordCheckValue needs the material or a token that computes with it, and ${reason}: leave recordCheckValue out, and take the check value from the people who have the material`,
  );
}

/**
 * Computes AES-CMAC (NIST SP 800-38B section 6.2). It is here because `node:crypto` has no CMAC: the cipher is
 * OpenSSL's, and the rest is the doubling of two subkeys. A test compares it with the vectors of NIST.
 *
 * @param key - 16, 24 or 32 bytes
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Buffer {
  const name = `aes-${key.length * 8}`;
  const zero = Buffer.alloc(BLOCK);
  const encrypt = (mode: string, iv: Buffer | null, data: Uint8Array): Buffer => {
    const cipher = createCipheriv(`${name}-${mode}`, key, iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  };
  const first = doubled(encrypt('ecb', null, zero));
  const blocks = Math.max(1, Math.ceil(message.length / BLOCK));
  const isWhole = message.length === blocks * BLOCK;
  const subkey = isWhole ? first : doubled(first);
  const padded = Buffer.alloc(blocks * BLOCK);
  padded.set(message);
  if (!isWhole) padded[message.length] = 0x80;
  const last = padded.subarray(-BLOCK);
  subkey.forEach((byte, index) => {
    last[index] = (last[index] ?? 0) ^ byte;
  });
  const mac = Buffer.from(encrypt('cbc', zero, padded).subarray(-BLOCK));
  for (const secret of [first, subkey, padded]) secret.fill(0);
  return mac;
}

// Multiplication by x in GF(2^128), with the constant of SP 800-38B section 5.3.
function doubled(block: Buffer): Buffer {
  const result = Buffer.alloc(BLOCK);
  for (let index = 0; index < BLOCK; index += 1) {
    result[index] = ((block[index] ?? 0) << 1) | ((block[index + 1] ?? 0) >> 7);
  }
  if ((block[0] ?? 0) >= 0x80) result[BLOCK - 1] = (result[BLOCK - 1] ?? 0) ^ 0x87;
  return result;
}
