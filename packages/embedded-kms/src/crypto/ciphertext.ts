import { createCipheriv, createDecipheriv } from 'node:crypto';
import { invalidCiphertext } from '../errors/kms-error';
import { CHECK_BYTES, checkOf } from './own-format';
import type { RandomBytes } from './random';

/** Non-secret pairs that must be the same at encryption and decryption. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** The key and the material that made a ciphertext, and the encrypted rest. */
export interface CiphertextHeader {
  readonly keyId: string;
  readonly materialId: string;
  /** The header itself, which is authenticated and not encrypted. */
  readonly header: Buffer;
  readonly sealed: Buffer;
}

// check 16 | key id 36 | material id 32 | IV 12 | tag 16 | AES-GCM output. The largest plaintext,
// 4096 bytes, leaves room below the 6144 bytes that Decrypt accepts.
const KEY_ID_BYTES = 36;
const MATERIAL_ID_BYTES = 32;
const HEADER_BYTES = CHECK_BYTES + KEY_ID_BYTES + MATERIAL_ID_BYTES;
const IV_BYTES = 12; // SP 800-38D §8.2
const TAG_BYTES = 16;

/**
 * Encrypts under one material of a key. The material is the AES key itself, so a test can decrypt the
 * ciphertext with other code to see that KMS uses the imported bytes.
 */
export function sealCiphertext(
  random: RandomBytes,
  from: { readonly keyId: string; readonly materialId: string; readonly material: Buffer },
  plaintext: Buffer,
  context: EncryptionContext,
): Buffer {
  const names = Buffer.concat([
    Buffer.from(from.keyId, 'latin1'),
    Buffer.from(from.materialId, 'hex'),
  ]);
  const header = Buffer.concat([checkOf('ciphertext', names), names]);
  const iv = random(IV_BYTES);
  const cipher = createCipheriv(symmetricCipher(from.material), from.material, iv);
  cipher.setAAD(authenticatedData(header, context));
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), encrypted]);
}

/** @throws {@link KmsError} InvalidCiphertextException when the blob was not made by this KMS. */
export function readCiphertext(blob: Buffer): CiphertextHeader {
  const header = blob.subarray(0, HEADER_BYTES);
  const names = header.subarray(CHECK_BYTES);
  // A ciphertext of an RSA key, and one of AWS itself, can begin with any bytes.
  const isOurs = checkOf('ciphertext', names).equals(header.subarray(0, CHECK_BYTES));
  if (!isOurs || blob.length < HEADER_BYTES + IV_BYTES + TAG_BYTES) throw invalidCiphertext();
  return {
    keyId: names.toString('latin1', 0, KEY_ID_BYTES),
    materialId: names.toString('hex', KEY_ID_BYTES),
    header,
    sealed: blob.subarray(HEADER_BYTES),
  };
}

/** @throws {@link KmsError} InvalidCiphertextException when anything does not match. */
export function openCiphertext(
  { header, sealed }: CiphertextHeader,
  material: Buffer,
  context: EncryptionContext,
): Buffer {
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(symmetricCipher(material), material, iv);
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  decipher.setAAD(authenticatedData(header, context));
  const encrypted = sealed.subarray(IV_BYTES + TAG_BYTES);
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

/** The order of an encryption context's pairs does not matter (Developer Guide), so they are sorted. */
function authenticatedData(header: Buffer, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(pairs), 'utf8')]);
}

/**
 * Returns the authenticated cipher for a key. OpenSSL 3.0 has no authenticated mode of SM4, so
 * AES-128-GCM replaces it: lengths and behaviour are those of China Regions, the algorithm is not.
 */
function symmetricCipher(key: Buffer): 'aes-256-gcm' | 'aes-128-gcm' {
  return key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
}
