import { createPublicKey, type KeyObject } from 'node:crypto';
import { readEcKey } from './ec-private-key';
import { incorrectKeyMaterial } from '../errors/kms-error';
import type { KeySpecFacts } from './key-specs';
import { readPkcs8 } from './pkcs8';
import { readRsaKey } from './rsa-private-key';
import { privateKeyObject } from './private-key-object';

/** A key pair in the form that is stored: the same key always has the same bytes. */
export interface KeyPair {
  /** DER PKCS#8. */
  readonly privateKey: Buffer;
  /** DER SubjectPublicKeyInfo, derived from the private key as KMS does. */
  readonly publicKey: Buffer;
}

type PairFacts = Extract<KeySpecFacts, { kind: 'rsa' | 'ec' | 'ed25519' }>;

const ED25519 = '2b6570'; // 1.3.101.112, RFC 8410 §3

/**
 * Reads imported bytes as a private key of a spec: unencrypted PKCS#8 and nothing else (Developer
 * Guide, importing-keys-conceptual).
 *
 * @throws {@link KmsError} IncorrectKeyMaterialException, always the same, for any other bytes.
 */
export async function readPrivateKey(facts: PairFacts, bytes: Buffer): Promise<KeyPair> {
  const key = await read(facts, bytes).catch(() => undefined); // OpenSSL's reasons would describe the key
  if (key === undefined) throw incorrectKeyMaterial();
  return keyPairOf(key);
}

/** Returns the encodings of a pair, given its private key. */
export function keyPairOf(privateKey: KeyObject): KeyPair {
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
  };
}

async function read(facts: PairFacts, bytes: Buffer): Promise<KeyObject | undefined> {
  const pkcs8 = readPkcs8(bytes);
  if (pkcs8 === undefined) return undefined;
  const key = privateKeyObject({ key: bytes, format: 'der', type: 'pkcs8' });
  switch (facts.kind) {
    case 'rsa':
      return readRsaKey(facts.modulusBits, pkcs8, key);
    case 'ec':
      return readEcKey(facts.curve, pkcs8, key);
    case 'ed25519':
      return pkcs8.algorithm === ED25519 ? key : undefined;
  }
}
