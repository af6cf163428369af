import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import {
  constants,
  createDecipheriv,
  generateKeyPairSync,
  privateDecrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WRAPPING_ALGORITHMS, type WrappingAlgorithm } from '../../src/domain/key-specs';
import { wrap, wrapWithPadding } from '../../src/material/wrap';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';
import { rfcVectors, wycheproofVectors } from '../../packages/embedded-kms/test/support/vectors';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });
const publicKey = spki(pair.publicKey);
const HASH: Record<WrappingAlgorithm, 'sha256' | 'sha1'> = {
  RSAES_OAEP_SHA_256: 'sha256',
  RSAES_OAEP_SHA_1: 'sha1',
  RSA_AES_KEY_WRAP_SHA_256: 'sha256',
  RSA_AES_KEY_WRAP_SHA_1: 'sha1',
};
const isKeyWrap = (algorithm: WrappingAlgorithm): boolean => algorithm.startsWith('RSA_AES');

// Written against the AWS page and RFC 5649, and sharing nothing with src/wrap.
function unwrap(ciphertext: Buffer, algorithm: WrappingAlgorithm): Buffer {
  const decrypt = (part: Buffer): Buffer =>
    privateDecrypt(
      {
        key: pair.privateKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: HASH[algorithm],
      },
      part,
    );
  if (!isKeyWrap(algorithm)) return decrypt(ciphertext);
  const iv = Buffer.from('A65959A6', 'hex');
  const aesKey = decrypt(ciphertext.subarray(0, 256));
  const decipher = createDecipheriv('id-aes256-wrap-pad', aesKey, iv);
  return Buffer.concat([decipher.update(ciphertext.subarray(256)), decipher.final()]);
}

describe.each(WRAPPING_ALGORITHMS)('when material is wrapped by %s', (wrappingAlgorithm) => {
  const wrapping = { wrappingAlgorithm, wrappingKeySpec: 'RSA_2048', publicKey } as const;
  const longest = isKeyWrap(wrappingAlgorithm) ? 2400 : 190;

  it('the private key unwraps it, for every length that fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: longest }), (material) => {
        const ciphertext = wrap(material, wrapping, randomBytes);
        const blocks = Math.ceil(material.length / 8) + 1;
        expect(ciphertext).toHaveLength(256 + (isKeyWrap(wrappingAlgorithm) ? blocks * 8 : 0));
        expect(unwrap(ciphertext, wrappingAlgorithm).equals(material)).toBe(true);
      }),
      RUNS,
    );
  });

  it('OpenSSL on the command line unwraps it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-wrap-'));
    const file = (name: string): string => join(folder, name);
    const openssl = (...args: string[]): void => {
      execFileSync('openssl', args, { stdio: 'pipe' });
    };
    const material = randomBytes(32);
    const ciphertext = wrap(material, wrapping, randomBytes);
    writeFileSync(file('key.pem'), pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(file('rsa'), ciphertext.subarray(0, 256));
    writeFileSync(file('aes'), ciphertext.subarray(256));
    openssl(
      ...['pkeyutl', '-decrypt', '-inkey', file('key.pem'), '-in', file('rsa')],
      ...['-out', file('plain'), '-pkeyopt', 'rsa_padding_mode:oaep'],
      ...['-pkeyopt', `rsa_oaep_md:${HASH[wrappingAlgorithm]}`],
      ...['-pkeyopt', `rsa_mgf1_md:${HASH[wrappingAlgorithm]}`],
    );
    if (isKeyWrap(wrappingAlgorithm)) {
      const kek = readFileSync(file('plain')).toString('hex');
      openssl(
        ...['enc', '-d', '-id-aes256-wrap-pad', '-K', kek, '-iv', 'A65959A6'],
        ...['-in', file('aes'), '-out', file('plain')],
      );
    }
    expect(readFileSync(file('plain')).equals(material)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('when AES key wrap with padding meets published vectors', () => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');

  it('the vectors of RFC 5649 section 6 come out', () => {
    const { rfc5649 } = rfcVectors();
    expect(rfc5649.length).toBeGreaterThan(1);
    for (const { kek, key, ct } of rfc5649) {
      expect(wrapWithPadding(hex(key), hex(kek)).toString('hex')).toBe(ct);
    }
  });

  it('the valid vectors of Wycheproof come out, and the invalid ones do not', () => {
    const { testGroups } = wycheproofVectors('aes_kwp_test.json');
    const tests = testGroups.flatMap((group) => group.tests);
    const counts = { valid: 0, invalid: 0 };
    for (const { key, msg, ct, result } of tests) {
      if (msg === '') continue;
      const matches = wrapWithPadding(hex(msg), hex(key)).toString('hex') === ct;
      if (result === 'valid') counts.valid += 1;
      else counts.invalid += 1;
      expect(matches).toBe(result === 'valid');
    }
    expect(counts.valid).toBeGreaterThan(50);
    expect(counts.invalid).toBeGreaterThan(50);
  });
});

describe('when randomness is given', () => {
  it('it makes the AES key, which is erased', () => {
    const aesKey = Buffer.alloc(32, 7);
    const wrapping = {
      wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
      wrappingKeySpec: 'RSA_2048',
      publicKey,
    } as const;
    const expected = wrapWithPadding(Buffer.from('material'), Buffer.alloc(32, 7));
    const ciphertext = wrap(Buffer.from('material'), wrapping, () => aesKey);
    expect(ciphertext.subarray(256).equals(expected)).toBe(true);
    expect(aesKey.equals(Buffer.alloc(32))).toBe(true);
  });
});

describe('when the wrapping key is not what was asked for', () => {
  const wrapping = {
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_2048',
  } as const;
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

  it('a SubjectPublicKeyInfo with any other byte in its header is refused, or is the same key', () => {
    fc.assert(
      fc.property(fc.nat({ max: 22 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const edited = Buffer.from(publicKey);
        edited[at]! ^= change;
        let wrapped: Buffer;
        try {
          wrapped = wrap(Buffer.from('text'), { ...wrapping, publicKey: edited }, randomBytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'KMS_WRAPPING_KEY' });
          return;
        }
        expect(unwrap(wrapped, wrapping.wrappingAlgorithm).toString()).toBe('text');
      }),
      RUNS,
    );
  });

  it.each([
    ['a shorter one', { ...wrapping, wrappingKeySpec: 'RSA_4096', publicKey }],
    ['one of another kind', { ...wrapping, publicKey: spki(elliptic) }],
    ['one that is cut off', { ...wrapping, publicKey: publicKey.subarray(0, -1) }],
    ['no key at all', { ...wrapping, publicKey: Buffer.from('no key') }],
  ] as const)('%s is refused before anything is wrapped', (_what, key) => {
    expect(() => wrap(Buffer.alloc(32), key, randomBytes)).toThrowWithCode('KMS_WRAPPING_KEY');
  });
});
