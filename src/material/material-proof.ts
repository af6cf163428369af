import type { Material } from './material';

/** The hash of an HMAC, as node:crypto names it. */
export type MacHash = 'sha224' | 'sha256' | 'sha384' | 'sha512';

// Material that is a plain secret has a MacProof: only somebody who has the secret can compute the MAC.
export interface MacProof {
  /** HMAC (RFC 2104) over a message. */
  mac(hash: MacHash, message: Uint8Array): Buffer;
}

// Material that is a private key has a PublicKeyProof.
export interface PublicKeyProof {
  /** DER SubjectPublicKeyInfo of the key, as GetPublicKey returns it. */
  publicKey(): Buffer;
}

/** Returns whether the material can prove itself with a MAC. */
export function givesMac(material: Material): material is Material & MacProof {
  return 'mac' in material;
}

/** Returns whether the material can prove itself with its public key. */
export function givesPublicKey(material: Material): material is Material & PublicKeyProof {
  return 'publicKey' in material;
}
