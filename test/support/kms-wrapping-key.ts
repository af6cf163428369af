import { constants, createDecipheriv, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import type { WrappingAlgorithm } from '../../src/domain/key-specs';
import type { WrappingPublicKey } from '../../src/material/wrap';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Returns the public part of a wrapping key, as GetParametersForImport does. */
export function wrappingKey(wrappingAlgorithm: WrappingAlgorithm): WrappingPublicKey {
  return {
    wrappingAlgorithm,
    wrappingKeySpec: 'RSA_2048',
    publicKey: pair.publicKey.export({ format: 'der', type: 'spki' }),
  };
}

/** Unwraps what was wrapped under it, as KMS does. */
export function unwrap(wrapped: Buffer, algorithm: WrappingAlgorithm): Buffer {
  const oaepHash = algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const first = privateDecrypt(
    { key: pair.privateKey, padding, oaepHash },
    wrapped.subarray(0, 256),
  );
  if (!algorithm.startsWith('RSA_AES')) return first;
  const decipher = createDecipheriv('id-aes256-wrap-pad', first, Buffer.from('A65959A6', 'hex'));
  return Buffer.concat([decipher.update(wrapped.subarray(256)), decipher.final()]);
}
