import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { parseKeyReference } from '../../src/domain/identifiers';
import { IMPORTABLE_KEY_SPECS, type ImportableKeySpec } from '../../src/domain/key-specs';
import { openMaterial } from '../../src/material/open-source';
import { normalisePrivateKey } from '../../src/material/normalise-private-key';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const key = parseKeyReference('1234abcd-12ab-34cd-56ef-1234567890ab');
const KEYS: Partial<Record<ImportableKeySpec, KeyObject>> = {
  RSA_2048: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  RSA_3072: generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
  ECC_NIST_P256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ECC_NIST_P384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ECC_NIST_P521: generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  ECC_SECG_P256K1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
  ECC_NIST_EDWARDS25519: generateKeyPairSync('ed25519').privateKey,
};
const PASSPHRASE = 'correct horse';
// An Ed25519 key under the passphrase 'right'. 'wrong' decrypts it to invalid padding, and 'wrong124', as
// one passphrase in 200 does, to valid padding behind which no key is.
const ENCRYPTED_DER =
  'MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgDxyAlSZP/qgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoE' +
  'EEMAbQnYczH+S0/HUGJfrtQEQIWJItdc6msSQfMri9wAbsPy9/tf0TGPSyMycTqUhLzkuE6EH6hgd/aYF9sWtzAg4sP7NRuY2Hvf' +
  'PC3zPfH2z6k=';
const openssl = (input: Buffer | string, ...args: string[]): Buffer =>
  execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'ignore'] });

function formatsOf(privateKey: KeyObject): [string, Buffer, Buffer | undefined][] {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const encrypted = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
  const text = (pem: string | Buffer): Buffer => Buffer.from(pem);
  const older = privateKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
  return [
    ['PKCS#8 DER', pkcs8, undefined],
    ['PKCS#8 PEM', text(privateKey.export({ format: 'pem', type: 'pkcs8' })), undefined],
    ['JWK', text(JSON.stringify(privateKey.export({ format: 'jwk' }))), undefined],
    [
      'PEM with text before it',
      text(`\n${privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()}`),
      undefined,
    ],
    [
      'encrypted PKCS#8 PEM',
      text(privateKey.export({ format: 'pem', type: 'pkcs8', ...encrypted })),
      text(PASSPHRASE),
    ],
    [
      'encrypted PKCS#8 DER',
      privateKey.export({ format: 'der', type: 'pkcs8', ...encrypted }),
      text(PASSPHRASE),
    ],
    ...(privateKey.asymmetricKeyType === 'ed25519'
      ? []
      : ([
          [`${older} DER`, privateKey.export({ format: 'der', type: older }), undefined],
          [`${older} PEM`, text(privateKey.export({ format: 'pem', type: older })), undefined],
          [
            `encrypted ${older} PEM`,
            text(privateKey.export({ format: 'pem', type: older, ...encrypted })),
            text(PASSPHRASE),
          ],
        ] as [string, Buffer, Buffer | undefined][])),
  ];
}

describe.each(Object.entries(KEYS))(
  'when a private key is of key spec %s',
  (keySpec, privateKey) => {
    it('all its formats are one PKCS#8 and one fingerprint', async () => {
      const fingerprints = new Set<string>();
      for (const [, content, passphrase] of formatsOf(privateKey)) {
        const material = openMaterial(Buffer.from(content), 'raw', passphrase);
        material.assertFits(keySpec as ImportableKeySpec, undefined);
        fingerprints.add(await material.fingerprint(key));
      }
      expect(fingerprints.size).toBe(1);
    });

    it('what is normalised stays as it is, and is the same key', () => {
      const once = normalisePrivateKey(privateKey.export({ format: 'der', type: 'pkcs8' }));
      const twice = normalisePrivateKey(Buffer.from(once.pkcs8));
      expect(twice.pkcs8.equals(once.pkcs8)).toBe(true);
      expect(twice.type).toEqual(once.type);
      const spki = (from: KeyObject): string =>
        createPublicKey(from).export({ format: 'der', type: 'spki' }).toString('hex');
      const again = openssl(once.pkcs8, 'pkey', '-inform', 'DER', '-pubout', '-outform', 'DER');
      expect(again.toString('hex')).toBe(spki(privateKey));
    });

    it('no other key spec takes it', () => {
      for (const other of IMPORTABLE_KEY_SPECS.filter((spec) => spec !== keySpec)) {
        const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
        const material = openMaterial(pkcs8, 'der');
        expect(() => {
          material.assertFits(other, undefined);
        }).toThrowWithCode('MATERIAL_KEY_TYPE');
      }
    });
  },
);

describe('when a secret is read', () => {
  it('no bytes at all are mistaken for a private key', () => {
    const lookalikes = fc
      .tuple(
        fc.constantFrom('30', '3082', '7b', '2d2d2d', '20'),
        fc.uint8Array({ minLength: 20, maxLength: 128 }),
      )
      .map(([prefix, bytes]) => Buffer.concat([Buffer.from(prefix, 'hex'), bytes]));
    fc.assert(
      fc.property(lookalikes, (bytes) => {
        const material = openMaterial(Buffer.from(bytes), 'raw');
        if (bytes.length < 28 || bytes.length > 128) return;
        expect(() => {
          material.assertFits('HMAC_224', undefined);
        }).not.toThrow();
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 8 },
    );
  });

  it('a DER-like secret of the right length is a secret', () => {
    const secret = Buffer.concat([Buffer.from('302e', 'hex'), Buffer.alloc(46, 1)]);
    expect(() => {
      openMaterial(secret, 'raw').assertFits('HMAC_384', undefined);
    }).not.toThrow();
  });

  it('an octet JWK is the secret in it', async () => {
    const bytes = randomBytes(32);
    const jwk = JSON.stringify({ kty: 'oct', k: bytes.toString('base64url') });
    expect(await openMaterial(Buffer.from(jwk), 'jwk').fingerprint(key)).toBe(
      await openMaterial(Buffer.from(bytes), 'raw').fingerprint(key),
    );
  });

  it.each([
    ['padded', 'YQ=='],
    ['in the alphabet of base64', 'a+/a'],
    ['not base64', 'a key of 32 bytes and more, in words'],
    ['absent', undefined],
  ])('an octet JWK whose k is %s is refused in every encoding', (_what, k) => {
    for (const encoding of ['jwk', 'raw'] as const) {
      const content = Buffer.from(JSON.stringify({ kty: 'oct', kid: 'some key of mine', k }));
      expect(() => openMaterial(content, encoding)).toThrowWithCode('MATERIAL_ENCODING');
    }
  });

  it.each([
    ['HMAC_224', 27, 28, 128, 129],
    ['HMAC_256', 31, 32, 128, 129],
    ['HMAC_384', 47, 48, 128, 129],
    ['HMAC_512', 63, 64, 128, 129],
  ] as const)(
    '%s takes its documented lengths',
    (keySpec, tooShort, shortest, longest, tooLong) => {
      const fits = (length: number) => () => {
        openMaterial(Buffer.alloc(length, 1), 'raw').assertFits(keySpec, undefined);
      };
      expect(fits(tooShort)).toThrowWithCode('MATERIAL_LENGTH');
      expect(fits(shortest)).not.toThrow();
      expect(fits(longest)).not.toThrow();
      expect(fits(tooLong)).toThrowWithCode('MATERIAL_LENGTH');
    },
  );

  it('a key spec for private keys refuses it', () => {
    expect(() => {
      openMaterial(Buffer.alloc(32, 1), 'raw').assertFits('RSA_2048', undefined);
    }).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });
});

describe('when a private key cannot be used', () => {
  const rsa = KEYS.RSA_2048!;
  const encrypted = (): Buffer =>
    Buffer.from(
      rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }),
    );

  it.each([
    [
      'text that is no PEM',
      Buffer.from('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'),
      'pem',
    ],
    [
      'a public key',
      Buffer.from(createPublicKey(rsa).export({ format: 'pem', type: 'spki' })),
      'pem',
    ],
    [
      'a public JWK',
      Buffer.from(JSON.stringify(createPublicKey(rsa).export({ format: 'jwk' }))),
      'jwk',
    ],
    ['bytes that are no DER', randomBytes(100), 'der'],
    ['truncated DER', rsa.export({ format: 'der', type: 'pkcs8' }).subarray(0, 500), 'der'],
    ['a JSON that is no JWK', Buffer.from('{"a":1}'), 'jwk'],
  ] as const)('%s is MATERIAL_KEY_FORMAT', (_what, content, encoding) => {
    expect(() => openMaterial(content, encoding)).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });

  it('an encrypted key without its passphrase is MATERIAL_PASSPHRASE', () => {
    expect(() => openMaterial(encrypted(), 'pem')).toThrowWithCode('MATERIAL_PASSPHRASE');
  });

  it('a wrong passphrase is MATERIAL_PASSPHRASE, and is erased', () => {
    const passphrase = Buffer.from('wrong');
    expect(() => openMaterial(encrypted(), 'pem', passphrase)).toThrowWithCode(
      'MATERIAL_PASSPHRASE',
    );
    expect(passphrase.equals(Buffer.alloc(5))).toBe(true);
  });

  it('an encrypted DER key is MATERIAL_PASSPHRASE without a passphrase and with any wrong one', () => {
    for (const wrong of [undefined, 'wrong', 'wrong124']) {
      for (const encoding of ['der', 'raw'] as const) {
        expect(() =>
          openMaterial(
            Buffer.from(ENCRYPTED_DER, 'base64'),
            encoding,
            wrong === undefined ? undefined : Buffer.from(wrong),
          ),
        ).toThrowWithCode('MATERIAL_PASSPHRASE');
      }
    }
  });

  it('another type of key is MATERIAL_KEY_TYPE', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    expect(() => openMaterial(pkcs8, 'der')).toThrowWithCode('MATERIAL_KEY_TYPE');
  });

  it('an RSA key of three primes is refused', () => {
    const multiPrime = openssl('', 'genrsa', '-primes', '3', '2048');
    expect(() => openMaterial(multiPrime, 'pem')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });

  it.each(['brainpoolP256r1', 'prime192v1'])(
    'a key on the curve %s, which KMS does not import, is refused as such',
    (curve) => {
      const key = openssl(Buffer.alloc(0), 'ecparam', '-name', curve, '-genkey', '-noout');
      expect(() => openMaterial(key, 'pem')).toThrowWithCode('MATERIAL_KEY_TYPE');
    },
  );

  it('explicit curve parameters are refused', () => {
    const explicit = openssl(
      '',
      ...['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-param_enc', 'explicit'],
      ...['-outform', 'DER'],
    );
    expect(() => openMaterial(explicit, 'der')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });

  it('what was read is erased', () => {
    const content = rsa.export({ format: 'der', type: 'pkcs8' });
    const { length } = content;
    openMaterial(content, 'der').close();
    expect(content.equals(Buffer.alloc(length))).toBe(true);
  });
});
