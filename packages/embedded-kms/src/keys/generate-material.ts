import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpecFacts } from '../crypto/key-specs';
import { generatePostQuantum } from '../crypto/post-quantum';
import { keyPairOf } from '../crypto/private-key';
import type { RandomBytes } from '../crypto/random';
import type { MaterialRecord } from '../state/records';
import { materialId } from './material-id';
import { symmetricKeyBytes } from './symmetric-key';

/** The secret of a key and, for a pair, its public key, encoded as in {@link MaterialRecord}. */
export interface NewMaterial {
  readonly bytes: Buffer;
  readonly publicKey?: Buffer;
}

const generate = promisify(generateKeyPair);

/**
 * Generates the material of an AWS_KMS key. A large RSA pair takes seconds, so OpenSSL generates pairs in
 * its threads while other requests continue.
 */
export async function generateMaterial(
  random: RandomBytes,
  facts: KeySpecFacts,
  region: string,
): Promise<NewMaterial> {
  switch (facts.kind) {
    case 'symmetric':
      return { bytes: random(symmetricKeyBytes(region)) };
    case 'hmac':
      return { bytes: random(facts.minBytes) };
    case 'rsa':
      return fromPair(await generate('rsa', { modulusLength: facts.modulusBits }));
    case 'ec':
      return fromPair(await generate('ec', { namedCurve: facts.curve }));
    case 'ed25519':
      return fromPair(await generate('ed25519'));
    case 'ml-dsa':
    case 'ml-kem':
      return fromPair(generatePostQuantum(facts.type));
  }
}

/** Generates the first material of an AWS_KMS key, which has material from its creation. */
export async function firstMaterial(
  random: RandomBytes,
  keyId: string,
  facts: KeySpecFacts,
  region: string,
): Promise<MaterialRecord> {
  const { bytes, publicKey } = await generateMaterial(random, facts, region);
  return {
    id: materialId(keyId, bytes),
    bytes: bytes.toString('base64'),
    ...(publicKey && { publicKey: publicKey.toString('base64') }),
    state: 'CURRENT',
  };
}

function fromPair({ privateKey }: { readonly privateKey: KeyObject }): NewMaterial {
  const pair = keyPairOf(privateKey);
  return { bytes: pair.privateKey, publicKey: pair.publicKey };
}
