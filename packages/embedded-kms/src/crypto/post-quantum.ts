import * as crypto from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A primitive that only some versions of Node.js have, with the first one. */
export const PRIMITIVES = {
  'ML-DSA': { since: '24.6', probe: 'ml-dsa-44' },
  'ML-KEM': { since: '24.7', probe: 'ml-kem-512' },
} as const;

/** The name of a post-quantum primitive. */
export type Primitive = keyof typeof PRIMITIVES;

/** node:crypto's name of a post-quantum key type: `ml-kem-512`. */
export type PostQuantumType = `ml-${'dsa' | 'kem'}-${number}`;

// The types of Node.js 20 have none of these.
interface PostQuantum {
  readonly generateKeyPairSync: (type: PostQuantumType) => { readonly privateKey: KeyObject };
  readonly encapsulate: (publicKey: KeyObject) => Encapsulated;
  readonly decapsulate: (privateKey: KeyObject, ciphertext: Buffer) => Buffer;
}

const { generateKeyPairSync, encapsulate, decapsulate } = crypto as unknown as PostQuantum;

/** A shared secret of 32 bytes, and its encapsulated form. */
interface Encapsulated {
  readonly sharedKey: Buffer;
  readonly ciphertext: Buffer;
}

const found = new Map<Primitive, boolean>();

/**
 * Whether the running Node.js has a primitive. It is tried, because a Node.js of the right version can be
 * linked to an OpenSSL before 3.5.
 */
export function hasPrimitive(primitive: Primitive): boolean {
  let has = found.get(primitive);
  if (has === undefined) {
    has = probe(primitive);
    found.set(primitive, has);
  }
  return has;
}

/** Generates a pair, within a millisecond. */
export function generatePostQuantum(type: PostQuantumType): { readonly privateKey: KeyObject } {
  return generateKeyPairSync(type);
}

/** ML-KEM.Encaps (FIPS 203 §7.2). */
export function encapsulateFor(publicKey: KeyObject): Encapsulated {
  return encapsulate(publicKey);
}

/** ML-KEM.Decaps (FIPS 203 §7.3). Another ciphertext of the right length gives another secret. */
export function decapsulateWith(privateKey: KeyObject, ciphertext: Buffer): Buffer {
  return decapsulate(privateKey, ciphertext);
}

function probe(primitive: Primitive): boolean {
  if (primitive === 'ML-KEM' && typeof encapsulate !== 'function') return false;
  try {
    generateKeyPairSync(PRIMITIVES[primitive].probe);
    return true;
  } catch {
    return false;
  }
}
