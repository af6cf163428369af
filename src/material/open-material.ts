import { ByokError, assert } from '../errors';
import { decode, decodeText, type Encoding } from './encoding';
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
  const expected = PRIVATE_KEY_ENCODINGS.includes(encoding) || startsAsPem(decoded);
  try {
    const octets = readOctetJwk(decoded);
    const material =
      octets === undefined
        ? new PrivateKeyMaterial(normalisePrivateKey(Buffer.from(decoded), passphrase))
        : new SecretMaterial(octets);
    decoded.fill(0);
    return material;
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
  // White space may be in front (RFC 8259 section 2).
  if (content[content.findIndex((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte))] !== 0x7b) {
    return undefined;
  }
  const { kty, k } = members(content);
  if (kty !== 'oct') return undefined;
  const octets = typeof k === 'string' ? decodeText(k, 'base64url') : undefined;
  assert(
    octets !== undefined,
    'MATERIAL_BASE64',
    'material is a JWK of type oct whose k is not base64url: the alphabet A-Z a-z 0-9 - _ without padding is expected',
  );
  return octets;
}

function members(content: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(content.toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
