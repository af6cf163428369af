import { isChina } from './key-arn';

/**
 * The length of a SYMMETRIC_DEFAULT key: AES-256, and in China Regions SM4, which has 128-bit keys
 * (Developer Guide, importing-keys-conceptual).
 */
export function symmetricKeyBytes(region: string): number {
  return isChina(region) ? 16 : 32;
}
