import { execFileSync } from 'node:child_process';
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { fingerprintPrefix } from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import { openMaterial } from '../../src/material/open-source';
import { normalisePrivateKey } from '../../src/material/normalise-private-key';

const key = parseKeyReference('1234abcd-12ab-34cd-56ef-1234567890ab');
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1', 'secp256k1'] as const;

const openssl = (input: Buffer | string, ...args: string[]): Buffer =>
  execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });
const pkcs8Of = (privateKey: KeyObject): Buffer =>
  privateKey.export({ format: 'der', type: 'pkcs8' });
const fingerprintOf = async (content: Buffer): Promise<string> => {
  const material = openMaterial(Buffer.from(content), 'raw');
  try {
    return await material.fingerprint(key);
  } finally {
    material.close();
  }
};
const jwk = (members: JsonWebKey): Buffer => Buffer.from(JSON.stringify(members));

describe.each(CURVES)('when an EC key on %s is written by OpenSSL', (namedCurve) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  const pem = privateKey.export({ format: 'pem', type: 'sec1' }) as string;

  it.each([
    ['without its public part', ['-no_public']],
    ['without its public part, in DER', ['-no_public', '-outform', 'DER']],
    ['with a compressed public part', ['-conv_form', 'compressed']],
    ['with a hybrid public part', ['-conv_form', 'hybrid']],
  ])('it is the same material %s', async (_how, options) => {
    const written = openssl(pem, 'ec', ...options);
    expect(await fingerprintOf(written)).toBe(await fingerprintOf(pkcs8Of(privateKey)));
    expect(normalisePrivateKey(written).pkcs8.equals(pkcs8Of(privateKey))).toBe(true);
  });

  it('it is the same material as PKCS#8 without its public part', async () => {
    const sec1 = openssl(pem, 'ec', '-no_public');
    const written = openssl(sec1, 'pkcs8', '-topk8', '-nocrypt', '-outform', 'DER');
    expect(written.length).toBeLessThan(pkcs8Of(privateKey).length);
    expect(await fingerprintOf(written)).toBe(await fingerprintOf(pkcs8Of(privateKey)));
  });

  it('a JWK of it whose public part belongs to another key is refused', () => {
    const own = privateKey.export({ format: 'jwk' });
    const other = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });
    const open = (members: JsonWebKey) => () => openMaterial(jwk(members), 'jwk');
    expect(open({ ...own, x: other.x!, y: other.y! })).toThrowWithCode('MATERIAL_KEY_FORMAT');
    expect(open(own)).not.toThrow();
  });

  it('PKCS#8 of it whose public part belongs to another key is refused', () => {
    const other = pkcs8Of(generateKeyPairSync('ec', { namedCurve }).privateKey);
    const own = pkcs8Of(privateKey);
    const point =
      own.length - (namedCurve === 'secp521r1' ? 133 : namedCurve === 'secp384r1' ? 97 : 65);
    const mixed = Buffer.concat([own.subarray(0, point), other.subarray(point)]);
    expect(() => openMaterial(mixed, 'der')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });
});

describe('when a private key of another type has a public part that is not its own', () => {
  it('a JWK of an Ed25519 key is refused', () => {
    const own = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const mixed = jwk({ ...own, x: other.x! });
    expect(() => openMaterial(mixed, 'jwk')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });

  it('an RSA key is refused', () => {
    const rsa = (): JsonWebKey =>
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    const mixed = jwk({ ...rsa(), n: rsa().n! });
    expect(() => openMaterial(mixed, 'jwk')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });
});

describe('when a private key is fingerprinted', () => {
  it.each([
    ['EC', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('only the public key of %s is needed for it', async (_type, { privateKey }) => {
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    const length = Buffer.alloc(4);
    length.writeUInt32BE(spki.length);
    const hash = createHash('sha256')
      .update(fingerprintPrefix(key, 'v2'))
      .update(length)
      .update(spki);
    expect(await fingerprintOf(pkcs8Of(privateKey))).toBe(`v2:${hash.digest('hex')}`);
  });

  it('a secret keeps the form of the first version', async () => {
    expect(await fingerprintOf(Buffer.alloc(32, 7))).toBe(
      'v1:0ad4f818fb78399f6394360b2b393d60b5ac5593e73eef02bacef18fb6fd4313',
    );
  });
});
