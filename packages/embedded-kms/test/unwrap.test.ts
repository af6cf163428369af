import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { KmsError } from '../src';
import { unwrap } from '../src/crypto/unwrap';
import { WrappingKeys } from '../src/crypto/wrapping-keys';
import { wycheproofVectors } from './support/vectors';
import { wrap } from './support/world';

/** Labels are never used for import, so vectors with one must fail like any other mismatch. */
const expected = ({ label, result }: { label: string; result: string }) =>
  label === '' && result !== 'invalid';

describe('when Wycheproof vectors are unwrapped', () => {
  const files = [
    ['rsa_oaep_2048_sha1_mgf1sha1_test.json', 'RSAES_OAEP_SHA_1'],
    ['rsa_oaep_2048_sha256_mgf1sha256_test.json', 'RSAES_OAEP_SHA_256'],
    ['rsa_oaep_3072_sha256_mgf1sha256_test.json', 'RSAES_OAEP_SHA_256'],
    ['rsa_oaep_4096_sha256_mgf1sha256_test.json', 'RSAES_OAEP_SHA_256'],
  ] as const;

  for (const [file, algorithm] of files) {
    it(`accepts the valid and refuses the invalid ones of ${file}`, async () => {
      let count = 0;
      for (const group of wycheproofVectors(file).testGroups) {
        const privateKey = createPrivateKey({
          key: Buffer.from(group.privateKeyPkcs8, 'hex'),
          format: 'der',
          type: 'pkcs8',
        });
        const wrappingKey = { modulusLength: group.keySize / 8, privateKey };
        for (const test of group.tests) {
          count += 1;
          const run = () => unwrap(algorithm, wrappingKey, Buffer.from(test.ct, 'hex'));
          if (expected(test)) expect((await run()).toString('hex')).toBe(test.msg);
          else await expect(run()).rejects.toThrow(KmsError);
        }
      }
      expect(count).toBeGreaterThan(10);
    });
  }
});

describe('when a ciphertext does not unwrap', () => {
  it('gives the same error for every reason', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const wrappingKey = { modulusLength: 256, privateKey };
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const good = wrap(spki, randomBytes(32), 'sha256');
    const flipped = Buffer.from(good);
    flipped.writeUInt8(flipped.readUInt8(200) ^ 1, 200);
    for (const bad of [
      flipped,
      Buffer.alloc(256),
      Buffer.alloc(256, 0xff),
      wrap(spki, randomBytes(32), 'sha1'),
    ]) {
      await expect(unwrap('RSAES_OAEP_SHA_256', wrappingKey, bad)).rejects.toThrow(
        expect.objectContaining({ type: 'InvalidCiphertextException', text: undefined }) as Error,
      );
    }
  });
});

describe('when wrapping keys are asked for', () => {
  it('generates one per account and spec, shared by concurrent first calls', async () => {
    const keys = new WrappingKeys();
    const [first, second, other] = await Promise.all([
      keys.get('111122223333', 'RSA_2048'),
      keys.get('111122223333', 'RSA_2048'),
      keys.get('444455556666', 'RSA_2048'),
    ]);
    expect(second).toBe(first);
    expect(other.publicKey).not.toEqual(first.publicKey);
    expect(keys.find(first.id)).toBe(first);
    expect(keys.find('none')).toBeUndefined();
  });
});
