import { createDecipheriv, generateKeyPairSync, randomBytes } from 'node:crypto';
import { unwrapWithPadding } from '../src/crypto/aes-key-unwrap';
import { unwrap } from '../src/crypto/unwrap';
import { rfcVectors, wycheproofVectors } from './support/vectors';
import { pairOf, pkcs8, spki, wrapWith } from './support/specs';
import { wrap } from './support/world';

const hex = (text: string) => Buffer.from(text, 'hex');
const IV_OF_RFC_3394 = Buffer.alloc(8, 0xa6);

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const wrappingKey = { modulusLength: 256, privateKey: privateKey.export({ format: 'jwk' }) };

/** A vector as an import carries it: its AES key wrapped with RSA-OAEP, then its ciphertext. */
function unwrapVector(
  key: string,
  ct: string,
  hash: 'sha1' | 'sha256' = 'sha256',
): Promise<Buffer> {
  const blob = Buffer.concat([wrap(spki(publicKey), hex(key), hash), hex(ct)]);
  const algorithm = hash === 'sha1' ? 'RSA_AES_KEY_WRAP_SHA_1' : 'RSA_AES_KEY_WRAP_SHA_256';
  return unwrap(algorithm, wrappingKey, blob);
}

describe('when published vectors of AES key wrap are unwrapped', () => {
  it('accepts the valid and refuses the invalid ones of aes_kwp_test.json', () => {
    const { testGroups } = wycheproofVectors('aes_kwp_test.json');
    let count = 0;
    for (const { tests } of testGroups) {
      for (const { tcId, key, msg, ct, result } of tests) {
        count += 1;
        const run = () => unwrapWithPadding(hex(key), hex(ct)).toString('hex');
        if (result === 'valid') expect([tcId, run()]).toEqual([tcId, msg]);
        else expect(run).toThrow();
      }
    }
    expect(count).toBe(254);
  });

  it('does the same inside an import, where the AES key has 256 bits', async () => {
    const { testGroups } = wycheproofVectors('aes_kwp_test.json');
    for (const { keySize, tests } of testGroups) {
      for (const { tcId, key, msg, ct, result } of tests) {
        const run = async () => (await unwrapVector(key, ct)).toString('hex');
        if (result === 'valid' && keySize === 256) expect([tcId, await run()]).toEqual([tcId, msg]);
        else await expect(run()).rejects.toThrow();
      }
    }
  });

  it('opens the vectors of RFC 5649', () => {
    const { rfc5649 } = rfcVectors();
    expect(rfc5649).toHaveLength(2);
    for (const { kek, key, ct } of rfc5649) {
      expect(unwrapWithPadding(hex(kek), hex(ct)).toString('hex')).toBe(key);
    }
  });

  it('refuses those of RFC 3394, which is another wrapping', async () => {
    const { rfc3394 } = rfcVectors();
    expect(rfc3394).toHaveLength(6);
    for (const { kek, key, ct } of rfc3394) {
      const decipher = createDecipheriv(`id-aes${kek.length * 4}-wrap`, hex(kek), IV_OF_RFC_3394);
      expect(decipher.update(ct, 'hex', 'hex') + decipher.final('hex')).toBe(key);
      expect(() => unwrapWithPadding(hex(kek), hex(ct))).toThrow();
      await expect(unwrapVector(kek, ct)).rejects.toThrow();
    }
  });
});

describe('when material is wrapped with an AES key', () => {
  const material = pkcs8(pairOf('ECC_NIST_P256').privateKey);

  it.each(['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const)(
    'comes back with %s',
    async (algorithm) => {
      const blob = wrapWith(algorithm, spki(publicKey), material);
      expect(await unwrap(algorithm, wrappingKey, blob)).toEqual(material);
    },
  );

  it('gives the same error for everything that does not unwrap', async () => {
    const algorithm = 'RSA_AES_KEY_WRAP_SHA_256';
    const good = wrapWith(algorithm, spki(publicKey), material);
    const flipped = (at: number) => {
      const copy = Buffer.from(good);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      return copy;
    };
    for (const bad of [
      flipped(100), // in the wrapped AES key
      flipped(256), // in the wrapped material
      flipped(good.length - 1),
      good.subarray(0, -8),
      Buffer.concat([good.subarray(256), good.subarray(0, 256)]), // the wrong order
      wrapWith('RSA_AES_KEY_WRAP_SHA_1', spki(publicKey), material), // another hash
      wrapWith(algorithm, spki(publicKey), material, randomBytes(16)), // a shorter AES key
      wrapWith(algorithm, spki(publicKey), material, randomBytes(24)),
    ]) {
      await expect(unwrap(algorithm, wrappingKey, bad)).rejects.toThrow(
        expect.objectContaining({ type: 'InvalidCiphertextException', text: undefined }) as Error,
      );
    }
  });

  it.each([
    ['one byte too many', 1],
    ['only the wrapped AES key', -1000],
  ])('says that the size is wrong with %s', async (_what, more) => {
    const good = wrapWith('RSA_AES_KEY_WRAP_SHA_256', spki(publicKey), material);
    const bad = more > 0 ? Buffer.concat([good, Buffer.alloc(more)]) : good.subarray(0, 256);
    await expect(unwrap('RSA_AES_KEY_WRAP_SHA_256', wrappingKey, bad)).rejects.toThrow(
      'Invalid encrypted key size.',
    );
  });
});
