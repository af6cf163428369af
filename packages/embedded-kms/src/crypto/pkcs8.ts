import { elementsIn, TAG, type Element } from './der';

/** The parts of a PKCS#8 PrivateKeyInfo. */
export interface Pkcs8 {
  /** The algorithm's object identifier, the content of its DER in hex. */
  readonly algorithm: string;
  readonly parameters: Element | undefined;
  /** The content of the OCTET STRING, which for RSA and EC is another structure. */
  readonly privateKey: Buffer;
}

/**
 * Reads the outer structure of a PKCS#8 PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2): version, algorithm,
 * key. Undefined for anything else, such as an EncryptedPrivateKeyInfo, a SEC1 or PKCS#1 key, PEM text,
 * and a key with bytes after its end. OpenSSL reads the key itself.
 */
export function readPkcs8(bytes: Buffer): Pkcs8 | undefined {
  const [whole, ...after] = elementsIn(bytes) ?? [];
  if (whole?.tag !== TAG.sequence || after.length > 0) return undefined;
  const [version, algorithm, key] = elementsIn(whole.content) ?? [];
  if (version?.tag !== TAG.integer || algorithm?.tag !== TAG.sequence) return undefined;
  if (key?.tag !== TAG.octetString) return undefined;
  const [identifier, parameters] = elementsIn(algorithm.content) ?? [];
  if (identifier?.tag !== TAG.objectIdentifier) return undefined;
  return {
    algorithm: identifier.content.toString('hex'),
    parameters,
    privateKey: key.content,
  };
}
