import { ByokError } from '../errors';
import { decode, type Encoding } from './encoding';
import type { Material } from './material';
import { normalisePrivateKey, startsAsPem } from './private-key';
import { PrivateKeyMaterial } from './private-key-material';
import { SecretMaterial } from './secret-material';

const PRIVATE_KEY_ENCODINGS: readonly Encoding[] = ['pem', 'der', 'jwk'];

/**
 * Makes material of what a source holds, and erases what it was made of. A private key is recognised
 * by what it is, also where the encoding does not say so; everything else is a secret.
 *
 * @throws {@link ByokError} `MATERIAL_BASE64`, `MATERIAL_HEX`, `MATERIAL_KEY_FORMAT`,
 * `MATERIAL_KEY_TYPE`, `MATERIAL_PASSPHRASE`
 */
export function openMaterial(content: Buffer, encoding: Encoding, passphrase?: Buffer): Material {
  const decoded = decode(content, encoding);
  const octets = readOctetJwk(decoded);
  if (octets !== undefined) {
    decoded.fill(0);
    return new SecretMaterial(octets);
  }
  const expected = PRIVATE_KEY_ENCODINGS.includes(encoding) || startsAsPem(decoded);
  try {
    const key = new PrivateKeyMaterial(normalisePrivateKey(Buffer.from(decoded), passphrase));
    decoded.fill(0);
    return key;
  } catch (error) {
    const isSecret =
      !expected && error instanceof ByokError && error.code === 'MATERIAL_KEY_FORMAT';
    if (isSecret) return new SecretMaterial(decoded);
    decoded.fill(0);
    throw error;
  } finally {
    passphrase?.fill(0);
  }
}

// RFC 7518 section 6.4: a symmetric key as JWK.
function readOctetJwk(content: Buffer): Buffer | undefined {
  if (content[0] !== 0x7b) return undefined;
  try {
    const jwk = JSON.parse(content.toString('utf8')) as {
      readonly kty?: string;
      readonly k?: string;
    };
    return jwk.kty === 'oct' && jwk.k !== undefined ? Buffer.from(jwk.k, 'base64url') : undefined;
  } catch {
    return undefined;
  }
}
