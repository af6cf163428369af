import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpecFacts } from '../crypto/key-specs';
import { keyPairOf } from '../crypto/private-key';
import type { RandomSource } from '../crypto/random';
import { symmetricKeyBytes } from './symmetric-key';

/** The secret of a key, and of a pair its public half; as {@link MaterialRecord} keeps them. */
export interface NewMaterial {
  readonly bytes: Buffer;
  readonly publicKey?: Buffer;
}

const generate = promisify(generateKeyPair);

/**
 * Makes the material of an AWS_KMS key. Pairs are made in OpenSSL's threads, so that the seconds
 * that a large RSA pair takes do not hold up other requests.
 */
export async function generateMaterial(
  random: RandomSource,
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
  }
}

function fromPair({ privateKey }: { readonly privateKey: KeyObject }): NewMaterial {
  const pair = keyPairOf(privateKey);
  return { bytes: pair.privateKey, publicKey: pair.publicKey };
}
