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
        const wrappingKey = {
          modulusLength: group.keySize / 8,
          privateKey: privateKey.export({ format: 'jwk' }),
        };
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
    const wrappingKey = { modulusLength: 256, privateKey: privateKey.export({ format: 'jwk' }) };
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
  const keys = new WrappingKeys();
  const make = () => keys.make('111122223333', 'RSA_2048');

  it('each is another key, also of concurrent first calls', async () => {
    const other = keys.make('444455556666', 'RSA_2048');
    const made = await Promise.all([make(), make(), make(), other]);
    expect(new Set(made.map(({ publicKey }) => publicKey.toString('hex'))).size).toBe(4);
  });

  it('each opens what was wrapped with it, and nothing that was wrapped with another', async () => {
    const [one, two] = [await make(), await make()];
    const wrapped = wrap(one.publicKey, Buffer.alloc(32, 7));
    const opened = await unwrap('RSAES_OAEP_SHA_256', keys.find(one.id)!, wrapped);
    expect(opened).toEqual(Buffer.alloc(32, 7));
    await expect(unwrap('RSAES_OAEP_SHA_256', keys.find(two.id)!, wrapped)).rejects.toMatchObject({
      type: 'InvalidCiphertextException',
    });
  });

  it('32 differ in a row, and each still opens what was wrapped with it when its turn comes again', async () => {
    const rows = [];
    for (let call = 0; call < 64; call += 1) rows.push(await keys.make('222233334444', 'RSA_2048'));
    const names = rows.map(({ publicKey }) => publicKey.toString('hex'));
    expect(new Set(names.slice(0, 32)).size).toBe(32);
    expect(names.slice(32)).toEqual(names.slice(0, 32));
    const wrapped = wrap(rows[3]!.publicKey, Buffer.alloc(32, 7));
    const opened = await unwrap('RSAES_OAEP_SHA_256', keys.find(rows[35]!.id)!, wrapped);
    expect(opened).toEqual(Buffer.alloc(32, 7));
  });

  it('each has an odd exponent of three bytes that has an inverse', async () => {
    for (let each = 0; each < 20; each += 1) {
      const { id, publicKey } = await make();
      expect(publicKey).toHaveLength(294); // as recorded from AWS
      expect(id.exponent % 2).toBe(1);
      expect(id.exponent).toBeGreaterThan(2 ** 16);
      const { privateKey } = keys.find(id)!;
      expect(
        createPrivateKey({ key: { ...privateKey }, format: 'jwk' }).asymmetricKeyDetails,
      ).toEqual({
        modulusLength: 2048,
        publicExponent: BigInt(id.exponent),
      });
    }
  });

  it('none is found that was never made', () => {
    const id = { accountId: '777788889999', spec: 'RSA_2048', exponent: 65_537 } as const;
    expect(keys.find(id)).toBeUndefined();
  });
});
