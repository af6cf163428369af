import { constants, createHash, sign as signLocally, verify as verifyLocally } from 'node:crypto';
import type { KeySpec } from '@aws-sdk/client-kms';
import { KmsError } from '../src';
import { schemeFor, signWith, verifyWith } from '../src/crypto/signing';
import { pairOf } from './support/specs';

const message = Buffer.from('what is signed');

const padding = (algorithm: string) =>
  algorithm.includes('PSS')
    ? {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : {};

const CASES: [KeySpec, string, string][] = [
  ...(['256', '384', '512'] as const).flatMap((bits): [KeySpec, string, string][] => [
    ['RSA_2048', `RSASSA_PSS_SHA_${bits}`, `sha${bits}`],
    ['RSA_2048', `RSASSA_PKCS1_V1_5_SHA_${bits}`, `sha${bits}`],
  ]),
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
];

describe.each(CASES)('when a %s key signs with %s', (spec, algorithm, hash) => {
  const { privateKey, publicKey } = pairOf(spec);
  const digest = createHash(hash).update(message).digest();
  const raw = { algorithm, messageType: 'RAW', message };
  const digested = { algorithm, messageType: 'DIGEST', message: digest };
  const scheme = schemeFor(raw);
  const options = padding(algorithm);

  it('the signature of a digest is one of its message, for OpenSSL too', () => {
    for (const request of [raw, digested]) {
      const signature = signWith(privateKey, scheme, request);
      expect(verifyLocally(hash, message, { key: publicKey, ...options }, signature)).toBe(true);
      expect(verifyWith(publicKey, scheme, raw, signature)).toBe(true);
      expect(verifyWith(publicKey, scheme, digested, signature)).toBe(true);
    }
  });

  it('a signature that OpenSSL made of the message verifies for the digest', () => {
    for (let count = 0; count < 5; count++) {
      const signature = signLocally(hash, message, { key: privateKey, ...options });
      expect(verifyWith(publicKey, scheme, digested, signature)).toBe(true);
    }
  });

  it('nothing else verifies', () => {
    const signature = signWith(privateKey, scheme, digested);
    const otherDigest = createHash(hash).update('another message').digest();
    const other = { ...digested, message: otherDigest };
    expect(verifyWith(publicKey, scheme, other, signature)).toBe(false);
    for (let at = 0; at < signature.length; at += 7) {
      const damaged = Buffer.from(signature);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      expect(verifyWith(publicKey, scheme, digested, damaged)).toBe(false);
      expect(verifyWith(publicKey, scheme, raw, damaged)).toBe(false);
    }
    for (const bad of [
      signature.subarray(1),
      Buffer.alloc(signature.length),
      Buffer.alloc(signature.length, 0xff),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.from('random'),
      Buffer.from('3006020100020101', 'hex'),
    ]) {
      expect(verifyWith(publicKey, scheme, digested, bad)).toBe(false);
    }
  });

  it('refuses a digest of another length and the representative of ML-DSA', () => {
    for (const bad of [digest.subarray(1), Buffer.concat([digest, digest])]) {
      expect(() => schemeFor({ ...digested, message: bad })).toThrow(
        `Digest is invalid length for algorithm ${algorithm}.`,
      );
    }
    expect(() => schemeFor({ ...raw, messageType: 'EXTERNAL_MU' })).toThrow(KmsError);
  });
});

describe.each(CASES.filter(([spec]) => spec.startsWith('RSA')))(
  'when the leading zero of a signature of %s with %s is cut off',
  (spec, algorithm, hash) => {
    it('it does not verify', () => {
      const { privateKey, publicKey } = pairOf(spec);
      const requests = Array.from({ length: 10_000 }, (_, index) => ({
        algorithm,
        messageType: 'DIGEST',
        message: createHash(hash).update(String(index)).digest(),
      }));
      const scheme = schemeFor(requests[0]!);
      let signature: Buffer = Buffer.alloc(0);
      const request = requests.find((candidate) => {
        signature = signWith(privateKey, scheme, candidate);
        return signature[0] === 0;
      })!;
      expect(verifyWith(publicKey, scheme, request, signature)).toBe(true);
      expect(verifyWith(publicKey, scheme, request, signature.subarray(1))).toBe(false);
    });
  },
);

describe('when the algorithm is one of Ed25519', () => {
  const { privateKey, publicKey } = pairOf('ECC_NIST_EDWARDS25519');
  const request = { algorithm: 'ED25519_SHA_512', messageType: 'RAW', message };

  it('signs the message itself', () => {
    const scheme = schemeFor(request);
    const signature = signWith(privateKey, scheme, request);
    expect(verifyLocally(null, message, publicKey, signature)).toBe(true);
    expect(verifyWith(publicKey, scheme, request, signature)).toBe(true);
    expect(
      verifyWith(publicKey, scheme, { ...request, message: Buffer.from('x') }, signature),
    ).toBe(false);
    expect(verifyWith(publicKey, scheme, request, Buffer.from('x'))).toBe(false);
  });

  it('takes no digest, and says that the prehashed form is not served', () => {
    expect(() => schemeFor({ ...request, messageType: 'DIGEST' })).toThrow(
      expect.objectContaining({ type: 'ValidationException' }) as Error,
    );
    expect(() => schemeFor({ ...request, algorithm: 'ED25519_PH_SHA_512' })).toThrow(
      'SigningAlgorithm ED25519_PH_SHA_512 is not served by the embedded KMS.',
    );
  });
});
