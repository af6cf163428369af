import { factsOfKey } from '../crypto/key-specs';
import { readPrivateKey } from '../crypto/private-key';
import { unwrap } from '../crypto/unwrap';
import { incorrectKeyMaterial, invalidImportToken } from '../errors/kms-error';
import type { KeyRecord } from '../state/records';
import type { Context } from './context';
import type { NewMaterial } from './generate-material';
import { materialId } from './material-id';
import { symmetricKeyBytes } from './symmetric-key';

const MAX_HMAC_BYTES = 128; // Developer Guide, importing-keys-conceptual: 1024 bits

/**
 * Unwraps the material of an import and checks that it fits the key. Other requests are served meanwhile,
 * and may change the key.
 *
 * @throws {@link KmsError} InvalidImportTokenException, ExpiredImportTokenException,
 * InvalidCiphertextException or IncorrectKeyMaterialException.
 */
export async function unwrapMaterial(
  { tokens, wrappingKeys, now }: Context,
  key: KeyRecord,
  token: Buffer,
  ciphertext: Buffer,
): Promise<NewMaterial & { readonly id: string }> {
  const grant = tokens.open(token, key.arn, now);
  const wrappingKey = wrappingKeys.find(grant.wrappingKeyId);
  if (wrappingKey === undefined) throw invalidImportToken();
  const bytes = await unwrap(grant.wrappingAlgorithm, wrappingKey, ciphertext);
  const material = await checkMaterial(key, bytes);
  return { id: materialId(key.id, material.bytes), ...material };
}

/**
 * Reads unwrapped bytes as the material of a key (Developer Guide, importing-keys-conceptual). HMAC
 * keys may be longer than their hash: another page of the guide asks for that exact length, and only
 * that length was recorded.
 */
async function checkMaterial(key: KeyRecord, bytes: Buffer): Promise<NewMaterial> {
  const facts = factsOfKey(key);
  switch (facts.kind) {
    case 'symmetric':
      if (bytes.length !== symmetricKeyBytes(key.region)) throw incorrectKeyMaterial();
      return { bytes };
    case 'hmac':
      if (bytes.length < facts.minBytes || bytes.length > MAX_HMAC_BYTES) {
        throw incorrectKeyMaterial();
      }
      return { bytes };
    case 'rsa':
    case 'ec':
    case 'ed25519': {
      const pair = await readPrivateKey(facts, bytes);
      return { bytes: pair.privateKey, publicKey: pair.publicKey };
    }
    case 'ml-dsa':
    case 'ml-kem':
      throw new Error('a key that cannot be imported');
  }
}
