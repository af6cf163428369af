import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { aesCmac } from '../../src/material/check-value';
import type { CheckedKey } from '../../src/material/material';
import { PrivateKeyMaterial } from '../../src/material/private-key';
import { SecretMaterial } from '../../src/material/secret-material';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const REGION = 'eu-west-1';

/** NIST SP 800-38B, appendix D, as updated: the messages are prefixes of one text of 64 bytes. */
const MESSAGE = hex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
);
const VECTORS: readonly (readonly [key: string, length: number, mac: string])[] = [
  ['2b7e151628aed2a6abf7158809cf4f3c', 0, 'bb1d6929e95937287fa37d129b756746'],
  ['2b7e151628aed2a6abf7158809cf4f3c', 16, '070a16b46b4d4144f79bdd9dd04a287c'],
  ['2b7e151628aed2a6abf7158809cf4f3c', 40, 'dfa66747de9ae63030ca32611497c827'],
  ['2b7e151628aed2a6abf7158809cf4f3c', 64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ['8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b', 0, 'd17ddf46adaacde531cac483de7a9367'],
  ['8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b', 16, '9e99a7bf31e710900662f65e617c5184'],
  ['8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b', 40, '8a1de5be2eb31aad089a82e6ee908b0e'],
  ['8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b', 64, 'a1d5df0eed790f794d77589659f39a11'],
  [
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    0,
    '028962f61b7bf89efc6b551f4667d983',
  ],
  [
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    16,
    '28a7023f452e8f82bd4bf28d8c37c35c',
  ],
  [
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    40,
    'aaf3d8f1de5640c232f5b169b9c911e6',
  ],
  [
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    64,
    'e1992190549f6ed5696a2c056c315410',
  ],
];

describe('when a CMAC is computed', () => {
  it.each(VECTORS)('key %s, %i bytes: it is that of NIST', (key, length, mac) => {
    expect(aesCmac(hex(key), MESSAGE.subarray(0, length)).toString('hex')).toBe(mac);
  });
});

describe('when material has a check value', () => {
  it('that of an AES key is the first 5 bytes of its CMAC of 16 zero bytes', async () => {
    const bytes = randomBytes(32);
    const expected = aesCmac(bytes, Buffer.alloc(16)).toString('hex').slice(0, 10);
    const material = new SecretMaterial(Buffer.from(bytes));
    expect(await material.checkValue({ keySpec: 'SYMMETRIC_DEFAULT', region: REGION })).toEqual({
      method: 'AES_CMAC',
      value: expected,
    });
  });

  it.each([224, 256, 384, 512])('that of an HMAC_%i key is its whole HMAC', async (bits) => {
    const bytes = randomBytes(bits / 8);
    const keySpec = `HMAC_${bits}` as CheckedKey['keySpec'];
    const value = createHmac(`sha${bits}`, bytes).update(Buffer.alloc(16)).digest('hex');
    const material = new SecretMaterial(Buffer.from(bytes));
    expect(await material.checkValue({ keySpec, region: REGION })).toEqual({
      method: `HMAC_SHA_${bits}`,
      value,
    });
  });

  it('that of a key pair is the SHA-256 of its public key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    expect(await new PrivateKeyMaterial(pkcs8).checkValue()).toEqual({
      method: 'PUBLIC_KEY_SHA_256',
      value: createHash('sha256').update(spki).digest('hex'),
    });
  });

  it('a symmetric key of a China Region, which is no AES key, is refused', () => {
    const material = new SecretMaterial(randomBytes(16));
    const checked = { keySpec: 'SYMMETRIC_DEFAULT', region: 'cn-north-1' } as const;
    expect(() => material.checkValue(checked)).toThrowWithCode('CHECK_VALUE_UNAVAILABLE');
  });
});
