import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { constants, generateKeyPairSync, privateDecrypt, type KeyObject } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseWrapping, WRAPPING_ALGORITHMS } from '../../src/domain/wrapping';
import { wrap } from '../../src/wrap/wrap';
import { RUNS } from '../support/runs';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });
const publicKey = spki(pair.publicKey);
const HASH = { RSAES_OAEP_SHA_256: 'sha256', RSAES_OAEP_SHA_1: 'sha1' } as const;

describe.each(WRAPPING_ALGORITHMS)('when material is wrapped by %s', (wrappingAlgorithm) => {
  const wrapping = { wrappingAlgorithm, wrappingKeySpec: 'RSA_2048', publicKey } as const;

  it('the private key unwraps it, for every length that fits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 190 }), (material) => {
        const ciphertext = wrap(material, wrapping);
        expect(ciphertext).toHaveLength(256);
        const plain = privateDecrypt(
          {
            key: pair.privateKey,
            padding: constants.RSA_PKCS1_OAEP_PADDING,
            oaepHash: HASH[wrappingAlgorithm],
          },
          ciphertext,
        );
        expect(plain.equals(material)).toBe(true);
      }),
      RUNS,
    );
  });

  it('OpenSSL unwraps it with the same hash for OAEP and for MGF1', () => {
    const material = Buffer.alloc(32, 9);
    const hash = HASH[wrappingAlgorithm];
    const plain = execFileSync(
      'openssl',
      [
        ...['pkeyutl', '-decrypt', '-inkey', '/dev/fd/3', '-pkeyopt', 'rsa_padding_mode:oaep'],
        ...['-pkeyopt', `rsa_oaep_md:${hash}`, '-pkeyopt', `rsa_mgf1_md:${hash}`],
      ],
      {
        input: wrap(material, wrapping),
        stdio: ['pipe', 'pipe', 'pipe', openPem()],
      },
    );
    expect(plain.equals(material)).toBe(true);
  });
});

describe('when the wrapping key is not what was asked for', () => {
  const wrapping = {
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_2048',
  } as const;
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

  it.each([
    ['a shorter one', { ...wrapping, wrappingKeySpec: 'RSA_4096', publicKey }],
    ['one of another kind', { ...wrapping, publicKey: spki(elliptic) }],
    ['no key at all', { ...wrapping, publicKey: Buffer.from('no key') }],
  ] as const)('%s is refused before anything is wrapped', (_what, key) => {
    expect(() => wrap(Buffer.alloc(32), key)).toThrowWithCode('KMS_WRAPPING_KEY');
  });
});

describe('when the wrapping is chosen', () => {
  it('the strongest is the default', () => {
    expect(chooseWrapping('SYMMETRIC_DEFAULT', {})).toEqual({
      wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      wrappingKeySpec: 'RSA_4096',
    });
  });

  it('what a program declares stands', () => {
    expect(
      chooseWrapping('SYMMETRIC_DEFAULT', {
        wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
        wrappingKeySpec: 'RSA_3072',
      }),
    ).toEqual({ wrappingAlgorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_3072' });
  });

  it('an algorithm that the key spec does not allow is refused', () => {
    expect(() =>
      chooseWrapping('SYMMETRIC_DEFAULT', {
        wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256' as never,
      }),
    ).toThrowWithCode('WRAPPING_UNSUPPORTED');
  });
});

// A private key for OpenSSL, in a file without a name.
function openPem(): number {
  const folder = mkdtempSync(join(tmpdir(), 'byok-wrap-'));
  writeFileSync(`${folder}/key.pem`, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }), {
    mode: 0o600,
  });
  const descriptor = openSync(`${folder}/key.pem`, 'r');
  rmSync(folder, { recursive: true });
  return descriptor;
}
