import { isChina } from './key-arn';

/**
 * The length of a SYMMETRIC_DEFAULT key: AES-256, and in China Regions SM4, which has 128-bit keys
 * (Developer Guide, importing-keys-conceptual).
 */
export function symmetricKeyBytes(region: string): number {
  return isChina(region) ? 16 : 32;
}

/**
 * The authenticated cipher for a key. OpenSSL 3.0 has no authenticated mode of SM4, so AES-128-GCM
 * stands in for it: lengths and behaviour are those of China Regions, the algorithm is not.
 */
export function symmetricCipher(key: Buffer): 'aes-256-gcm' | 'aes-128-gcm' {
  return key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
}
