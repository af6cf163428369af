import type { Material } from './material';

/** The hash of an HMAC, as node:crypto names it. */
export type MacHash = 'sha224' | 'sha256' | 'sha384' | 'sha512';

// MacEvidence is given by material that is a plain secret: what only its holder can compute.
export interface MacProof {
  /** HMAC (RFC 2104) over a message. */
  mac(hash: MacHash, message: Uint8Array): Buffer;
}

// PublicKeyEvidence is given by material that is a private key.
export interface PublicKeyProof {
  /** DER SubjectPublicKeyInfo of the key, as KMS gives it in GetPublicKey. */
  publicKey(): Buffer;
}

/** Whether the material proves itself by a MAC. */
export function givesMac(material: Material): material is Material & MacProof {
  return 'mac' in material;
}

/** Whether the material proves itself by its public key. */
export function givesPublicKey(material: Material): material is Material & PublicKeyProof {
  return 'publicKey' in material;
}
