import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { elementsIn } from '../src/crypto/der';
import { keySpecFacts } from '../src/crypto/key-specs';
import { readPrivateKey } from '../src/crypto/private-key';
import { pairOf, pkcs8, spki } from './support/specs';

type PairSpec =
  'RSA_2048' | 'RSA_3072' | 'ECC_NIST_P256' | 'ECC_NIST_P384' | 'ECC_NIST_EDWARDS25519';

const read = (spec: PairSpec, bytes: Buffer) =>
  readPrivateKey(keySpecFacts(spec) as Parameters<typeof readPrivateKey>[0], bytes);

const REFUSED = { type: 'IncorrectKeyMaterialException' };

/** DER by hand. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const hex = (text: string) => Buffer.from(text, 'hex');
const ZERO = der(0x02, hex('00'));
const EC_PUBLIC_KEY = der(0x06, hex('2a8648ce3d0201'));
const P256 = der(0x06, hex('2a8648ce3d030107'));
const P384 = der(0x06, hex('2b81040022'));
const RSA_ENCRYPTION = der(0x06, hex('2a864886f70d010101'));
const NULL = der(0x05);

/** X9.62 explicit parameters of P-256: the right curve, not by its name. */
const EXPLICIT_P256 = der(
  0x30,
  der(0x02, hex('01')),
  der(
    0x30,
    der(0x06, hex('2a8648ce3d0101')),
    der(0x02, hex('00ffffffff00000001000000000000000000000000ffffffffffffffffffffffff')),
  ),
  der(
    0x30,
    der(0x04, hex('ffffffff00000001000000000000000000000000fffffffffffffffffffffffc')),
    der(0x04, hex('5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b')),
  ),
  der(
    0x04,
    hex(
      '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
        '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    ),
  ),
  der(0x02, hex('00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')),
  der(0x02, hex('01')),
);

const ecPkcs8 = (parameters: Buffer, inner: readonly Buffer[]) =>
  der(0x30, ZERO, der(0x30, EC_PUBLIC_KEY, parameters), der(0x04, der(0x30, ...inner)));

const p256 = pairOf('ECC_NIST_P256');
const ONE = der(0x02, hex('01'));
const secret = der(
  0x04,
  Buffer.from(p256.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'),
);
const point = spki(p256.publicKey).subarray(-65);

/** The parts of a private key that OpenSSL wrote. */
function rsaNumbers(pair: ReturnType<typeof pairOf>): Buffer[] {
  const [whole] = elementsIn(pkcs8(pair.privateKey)) ?? [];
  const [, , octets] = elementsIn(whole!.content) ?? [];
  const [sequence] = elementsIn(octets!.content) ?? [];
  return (elementsIn(sequence!.content) ?? []).map(({ tag, content }) => der(tag, content));
}

const rsaPkcs8 = (numbers: readonly Buffer[]) =>
  der(0x30, ZERO, der(0x30, RSA_ENCRYPTION, NULL), der(0x04, der(0x30, ...numbers)));

describe('when a private key is read', () => {
  it.each<[PairSpec]>([['RSA_2048'], ['ECC_NIST_P256'], ['ECC_NIST_EDWARDS25519']])(
    'takes the PKCS#8 of a %s key and derives its public key',
    async (spec) => {
      const pair = pairOf(spec);
      const answer = await read(spec, pkcs8(pair.privateKey));
      expect(answer.publicKey).toEqual(spki(pair.publicKey));
      const again = createPrivateKey({ key: answer.privateKey, format: 'der', type: 'pkcs8' });
      expect(again.equals(pair.privateKey)).toBe(true);
    },
  );

  it('takes an EC key without its public point, with a compressed one, and with its curve inside', async () => {
    const usual = await read('ECC_NIST_P256', pkcs8(p256.privateKey));
    const compressed = Buffer.concat([
      Buffer.from([2 + (point.at(-1)! & 1)]),
      point.subarray(1, 33),
    ]);
    for (const inner of [
      [ONE, secret],
      [ONE, secret, der(0xa0, P256)],
      [ONE, secret, der(0xa1, der(0x03, hex('00'), point))],
      [ONE, secret, der(0xa1, der(0x03, hex('00'), compressed))],
    ]) {
      expect(await read('ECC_NIST_P256', ecPkcs8(P256, inner))).toEqual(usual);
    }
  });

  it('takes a key after another call has left an error in the queue of OpenSSL', async () => {
    const bytes = pkcs8(pairOf('ECC_NIST_EDWARDS25519').privateKey);
    expect(() => createSecureContext({ ecdhCurve: 'no-such-group' })).toThrow();
    expect((await read('ECC_NIST_EDWARDS25519', bytes)).privateKey).toEqual(bytes);
  });

  it('takes lengths in more bytes than needed, as BER allows', async () => {
    const bytes = pkcs8(pairOf('ECC_NIST_EDWARDS25519').privateKey);
    const long = Buffer.concat([
      Buffer.from([0x30, 0x82, 0, bytes.readUInt8(1)]),
      bytes.subarray(2),
    ]);
    expect((await read('ECC_NIST_EDWARDS25519', long)).privateKey).toEqual(bytes);
  });

  it.each<[string, PairSpec, () => Buffer]>([
    ['no bytes', 'ECC_NIST_P256', () => Buffer.alloc(0)],
    ['zeros', 'ECC_NIST_P256', () => Buffer.alloc(138)],
    [
      'PEM',
      'ECC_NIST_P256',
      () => Buffer.from(p256.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ],
    ['SEC1', 'ECC_NIST_P256', () => p256.privateKey.export({ format: 'der', type: 'sec1' })],
    ['a public key', 'ECC_NIST_P256', () => spki(p256.publicKey)],
    [
      'PKCS#1',
      'RSA_2048',
      () => pairOf('RSA_2048').privateKey.export({ format: 'der', type: 'pkcs1' }),
    ],
    [
      'encrypted PKCS#8',
      'ECC_NIST_P256',
      () =>
        p256.privateKey.export({
          format: 'der',
          type: 'pkcs8',
          cipher: 'aes-256-cbc',
          passphrase: 'x',
        }),
    ],
    [
      'a key with a byte after it',
      'ECC_NIST_P256',
      () => Buffer.concat([pkcs8(p256.privateKey), hex('00')]),
    ],
    ['a key cut short', 'ECC_NIST_P256', () => pkcs8(p256.privateKey).subarray(0, -1)],
    ['an empty structure', 'ECC_NIST_P256', () => der(0x30)],
    ['only a version', 'ECC_NIST_P256', () => der(0x30, ZERO)],
    ['no key', 'ECC_NIST_P256', () => der(0x30, ZERO, der(0x30, EC_PUBLIC_KEY, P256))],
    ['no algorithm', 'ECC_NIST_P256', () => der(0x30, ZERO, der(0x30), der(0x04, secret))],
    [
      'a key that is no structure',
      'ECC_NIST_P256',
      () => der(0x30, ZERO, der(0x30, EC_PUBLIC_KEY, P256), der(0x04, hex('04ff'))),
    ],
    [
      'a length that has no end',
      'ECC_NIST_P256',
      () => Buffer.concat([hex('3080'), pkcs8(p256.privateKey).subarray(3), hex('0000')]),
    ],
    ['a key of another curve', 'ECC_NIST_P384', () => pkcs8(p256.privateKey)],
    ['an EC key for RSA', 'RSA_2048', () => pkcs8(p256.privateKey)],
    ['an RSA key for EC', 'ECC_NIST_P256', () => pkcs8(pairOf('RSA_2048').privateKey)],
    [
      'an Ed25519 key for EC',
      'ECC_NIST_P256',
      () => pkcs8(pairOf('ECC_NIST_EDWARDS25519').privateKey),
    ],
    ['an EC key for Ed25519', 'ECC_NIST_EDWARDS25519', () => pkcs8(p256.privateKey)],
    [
      'an X25519 key for Ed25519',
      'ECC_NIST_EDWARDS25519',
      () => pkcs8(generateKeyPairSync('x25519').privateKey),
    ],
    ['explicit curve parameters', 'ECC_NIST_P256', () => ecPkcs8(EXPLICIT_P256, [ONE, secret])],
    [
      'explicit parameters inside the key',
      'ECC_NIST_P256',
      () => ecPkcs8(P256, [ONE, secret, der(0xa0, EXPLICIT_P256)]),
    ],
    [
      'another curve inside the key',
      'ECC_NIST_P256',
      () => ecPkcs8(P256, [ONE, secret, der(0xa0, P384)]),
    ],
    [
      'the public key of somebody else',
      'ECC_NIST_P256',
      () => {
        const other = spki(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
        const inner = [ONE, secret, der(0xa1, der(0x03, hex('00'), other.subarray(-65)))];
        return ecPkcs8(P256, inner);
      },
    ],
    ['a secret of zero', 'ECC_NIST_P256', () => ecPkcs8(P256, [ONE, der(0x04, Buffer.alloc(32))])],
    [
      'a secret above the order of the curve',
      'ECC_NIST_P256',
      () => ecPkcs8(P256, [ONE, der(0x04, Buffer.alloc(32, 0xff))]),
    ],
    ['another modulus size', 'RSA_3072', () => pkcs8(pairOf('RSA_2048').privateKey)],
    [
      'an RSA-PSS key',
      'RSA_2048',
      () => pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey),
    ],
    [
      'a multi-prime version',
      'RSA_2048',
      () => rsaPkcs8([ONE, ...rsaNumbers(pairOf('RSA_2048')).slice(1)]),
    ],
    [
      'RSA numbers that do not belong together',
      'RSA_2048',
      () => {
        const numbers = rsaNumbers(pairOf('RSA_2048'));
        const exponent = Buffer.from(numbers[6]!);
        exponent.writeUInt8(exponent.readUInt8(100) ^ 1, 100);
        return rsaPkcs8(numbers.with(6, exponent));
      },
    ],
  ])('refuses %s', async (_what, spec, bytes) => {
    await expect(read(spec, bytes())).rejects.toMatchObject(REFUSED);
  });

  it('refuses a number with three prime factors that is given as one with two', async () => {
    const key = rsaPkcs8(threePrimes());
    const details = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).asymmetricKeyDetails;
    expect(details).toMatchObject({ modulusLength: 2048 });
    await expect(read('RSA_2048', key)).rejects.toMatchObject(REFUSED);
  });
});

/** A consistent key whose second "prime" is the product of two. */
function threePrimes(): Buffer[] {
  const p = number(pairOf('RSA_2048').privateKey.export({ format: 'jwk' }).p);
  let q: bigint;
  do {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    q = number(small.export({ format: 'jwk' }).n);
  } while ((p * q).toString(2).length !== 2048);
  const e = 65537n;
  // The exponent that fits (p - 1) and (q - 1), as the consistency of a key with two primes asks.
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = [0n, p * q, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return numbers.map((value) => {
    // X.690 §8.3: as few bytes as leave the first bit to the sign.
    const bytes = Math.floor(value.toString(2).length / 8) + 1;
    return der(0x02, hex(value.toString(16).padStart(bytes * 2, '0')));
  });
}

const number = (text: string | undefined) =>
  BigInt(`0x${Buffer.from(text ?? '', 'base64url').toString('hex')}`);

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

describe('when a key without its public half is read', () => {
  it('has the public key that OpenSSL derives', async () => {
    const answer = await read('ECC_NIST_P256', ecPkcs8(P256, [ONE, secret]));
    const ours = createPublicKey({ key: answer.publicKey, format: 'der', type: 'spki' });
    expect(ours.equals(p256.publicKey)).toBe(true);
  });
});
