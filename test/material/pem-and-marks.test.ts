import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMaterial, openLocalSource } from '../../src/material/open-source';
import { normalisePrivateKey } from '../../src/material/normalise-private-key';

const KEY = { id: '1234abcd-12ab-34cd-56ef-1234567890ab' };
const KEYS: readonly [string, KeyObject][] = [
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['EC', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['Ed25519', generateKeyPairSync('ed25519').privateKey],
];

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-pem-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string;
const fingerprintOf = async (content: Buffer | string, passphrase?: string): Promise<string> => {
  const secret = passphrase === undefined ? undefined : Buffer.from(passphrase);
  const material = openMaterial(Buffer.from(content), 'raw', secret, false);
  try {
    return await material.fingerprint(KEY);
  } finally {
    material.close();
  }
};
it('PEM with two private keys is refused, because nobody could know which one was meant', async () => {
  const [[, rsa], [, ec]] = KEYS as [(typeof KEYS)[number], (typeof KEYS)[number]];
  for (const two of [pemOf(rsa) + pemOf(ec), pemOf(ec) + pemOf(ec)]) {
    await expect(fingerprintOf(two)).rejects.toThrowWithCode('MATERIAL_KEY_FORMAT');
  }
});

const MARKS: readonly [string, (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from(text)])],
  ['UTF-16LE', (text) => Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(text, 'utf16le')])],
  [
    'UTF-16BE',
    (text) => Buffer.concat([Buffer.from('feff', 'hex'), Buffer.from(text, 'utf16le').swap16()]),
  ],
];

describe.each(KEYS)('when PEM of an %s key has something before it', (type, key) => {
  const expected = fingerprintOf(pemOf(key));

  it.each([
    ['a line of text', 'The root key of 2026\n'],
    ['lines that end in CR LF', 'Bag Attributes\r\n    friendlyName: root\r\n\r\n'],
    ['a comment', '# do not lose\n\n'],
  ])('%s is passed over', async (_what, before) => {
    expect(await fingerprintOf(`${before}${pemOf(key)}`)).toBe(await expected);
    expect(await fingerprintOf(`${before}${pemOf(key)}after it\n`)).toBe(await expected);
  });

  it('the file that openssl pkcs12 -nodes writes is read', async () => {
    writeFileSync(path('key.pem'), pemOf(key));
    openssl('req', '-x509', '-new', '-key', 'key.pem', '-subj', '/CN=root', '-out', 'cert.pem');
    const store = ['-inkey', 'key.pem', '-in', 'cert.pem', '-name', 'root', '-passout', 'pass:p'];
    openssl('pkcs12', '-export', ...store, '-out', 'key.p12');
    for (const options of [['-nocerts'], []]) {
      openssl(
        'pkcs12',
        '-in',
        'key.p12',
        '-nodes',
        '-passin',
        'pass:p',
        '-out',
        'bag.pem',
        ...options,
      );
      const bag = readFileSync(path('bag.pem'), 'utf8');
      expect(bag).toMatch(/^Bag Attributes/);
      expect(await fingerprintOf(bag)).toBe(await expected);
    }
    openssl(
      'pkcs12',
      '-in',
      'key.p12',
      '-passin',
      'pass:p',
      '-passout',
      'pass:q',
      '-out',
      'bag.pem',
    );
    expect(await fingerprintOf(readFileSync(path('bag.pem')), 'q')).toBe(await expected);
  });

  it.each(MARKS)('a byte order mark of %s is passed over', async (_encoding, marked) => {
    expect(await fingerprintOf(marked(pemOf(key)))).toBe(await expected);
    expect(await fingerprintOf(marked(JSON.stringify(key.export({ format: 'jwk' }))))).toBe(
      await expected,
    );
  });

  it(`PEM and a JWK are read without an encoding where base64 is the default`, async () => {
    const jwk = JSON.stringify(key.export({ format: 'jwk' }));
    for (const text of [pemOf(key), `Bag Attributes\n${pemOf(key)}`, jwk, `\n ${jwk}`]) {
      const reference = { kind: 'env', env: type, encoding: 'base64' } as const;
      const material = await openLocalSource(reference, {}, { env: { [type]: text } });
      expect(await material.fingerprint(KEY)).toBe(await expected);
    }
  });
});

describe('when another encoding is declared for PEM', () => {
  it.each(['base64', 'hex'] as const)('%s is refused, and pem is named', (encoding) => {
    const text = Buffer.from(pemOf(generateKeyPairSync('ed25519').privateKey));
    const open = () => openMaterial(Buffer.from(text), encoding);
    expect(open).toThrowWithCode('MATERIAL_ENCODING');
    expect(open).toThrow("encoding: 'pem'");
  });

  it('PEM with \\n in a variable is named without an encoding', async () => {
    const text = pemOf(generateKeyPairSync('ed25519').privateKey).replaceAll('\n', '\\n');
    const reference = { kind: 'env', env: 'A', encoding: 'base64' } as const;
    const opened = openLocalSource(reference, {}, { env: { A: text } });
    await expect(opened).rejects.toThrowWithCode('MATERIAL_KEY_FORMAT');
    await expect(opened).rejects.toThrow("printf '%b'");
  });
});

describe.each(MARKS)('when other text has a byte order mark of %s', (_encoding, marked) => {
  const bytes = Buffer.alloc(32, 0xa5);
  const expected = fingerprintOf(bytes);

  it('base64 and hex are read', async () => {
    for (const encoding of ['base64', 'hex'] as const) {
      const material = openMaterial(marked(`${bytes.toString(encoding)}\r\n`), encoding);
      expect(await material.fingerprint(KEY)).toBe(await expected);
    }
  });

  it('an octet JWK is read', async () => {
    const jwk = JSON.stringify({ kty: 'oct', k: bytes.toString('base64url') });
    expect(await fingerprintOf(marked(jwk))).toBe(await expected);
  });

  it('a passphrase is read', async () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const passphrase = 'häufig';
    const cipher = { cipher: 'aes-256-cbc', passphrase: Buffer.from(passphrase) };
    writeFileSync(path('locked.pem'), key.export({ format: 'pem', type: 'pkcs8', ...cipher }));
    writeFileSync(path('passphrase.txt'), marked(`${passphrase}\r\n`));
    const material = await openLocalSource(
      {
        kind: 'file',
        file: path('locked.pem'),
        encoding: 'raw',
        passphrase: { kind: 'file', file: path('passphrase.txt') },
      },
      {},
      { env: {} },
    );
    expect(await material.fingerprint(KEY)).toBe(await fingerprintOf(pemOf(key)));
  });
});

describe('when an Ed25519 key is PKCS#8 of version 2', () => {
  // RFC 8410 section 10.3: the example with a public key and an attribute.
  const EXAMPLE = [
    '-----BEGIN PRIVATE KEY-----',
    'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC',
    'oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB',
    'Z9w7lshQhqowtrbLDFw4rXAxZuE=',
    '-----END PRIVATE KEY-----',
    '',
  ].join('\n');
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const version1 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const ownPublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const version2 = (header: string, of: Buffer): Buffer => {
    const content = Buffer.concat([
      Buffer.from('020101', 'hex'),
      version1.subarray(5),
      Buffer.from(header, 'hex'),
      of,
    ]);
    return Buffer.concat([Buffer.of(0x30, content.length), content]);
  };
  const pem = (der: Buffer): string =>
    `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;

  it('the example of RFC 8410 is the key of its first example', () => {
    const first = Buffer.from(
      'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC',
      'base64',
    );
    expect(normalisePrivateKey(Buffer.from(EXAMPLE)).pkcs8.equals(first)).toBe(true);
  });

  it.each([
    ['implicit, as the RFC says', '812100'],
    ['explicit, as some programs write it', 'a123032100'],
  ])('with a public key that is %s, it is the same key in DER and in PEM', (_how, header) => {
    const der = version2(header, ownPublicKey);
    for (const content of [der, Buffer.from(pem(der)), Buffer.from(`before\n${pem(der)}`)]) {
      expect(normalisePrivateKey(Buffer.from(content)).pkcs8.equals(version1)).toBe(true);
    }
  });

  it('a public key of another key is refused', () => {
    const mixed = version2('812100', Buffer.alloc(32, 1));
    expect(() => openMaterial(mixed, 'der')).toThrowWithCode('MATERIAL_KEY_FORMAT');
  });
});
