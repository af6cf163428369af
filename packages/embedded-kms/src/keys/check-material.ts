import { incorrectKeyMaterial } from '../errors/kms-error';
import type { NewMaterial } from './generate-material';
import type { KeySpecFacts } from '../crypto/key-specs';
import { readPrivateKey } from '../crypto/private-key';
import { symmetricKeyBytes } from './symmetric-key';

const MAX_HMAC_BYTES = 128; // Developer Guide, importing-keys-conceptual: 1024 bits

/**
 * Unwrapped bytes as the material of a key of some spec (Developer Guide,
 * importing-keys-conceptual). HMAC keys may be longer than their hash: another page of the guide
 * asks for the very length, and only that was recorded.
 *
 * @throws {@link KmsError} IncorrectKeyMaterialException when they are not.
 */
export async function checkMaterial(
  facts: KeySpecFacts,
  region: string,
  bytes: Buffer,
): Promise<NewMaterial> {
  switch (facts.kind) {
    case 'symmetric':
      if (bytes.length !== symmetricKeyBytes(region)) throw incorrectKeyMaterial();
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
  }
}
