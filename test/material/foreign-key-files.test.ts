import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPythonPrograms, PYTHON_PROGRAMS } from '../../scripts/test-tools/python';
import { itUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import type { ImportableKeySpec } from '../../src/domain/key-specs';
import { ByokError } from '../../src/errors';
import type { Encoding } from '../../src/material/encoding';
import { openMaterial } from '../../src/material/open-source';

const KEY = { id: '1234abcd-12ab-34cd-56ef-1234567890ab' };

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-foreign-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const has = (program: string): boolean => spawnSync(program, ['-h']).error === undefined;
const run = (program: string, ...args: string[]): Buffer =>
  execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
const made = (name: string): Buffer => readFileSync(path(name));
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }) as string;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const bitcoin = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const jwkOf = (key: KeyObject): JsonWebKey => key.export({ format: 'jwk' });
const scalar = (key: KeyObject): Buffer => Buffer.from(jwkOf(key).d ?? '', 'base64url');
const publicPart = (key: KeyObject): Buffer => Buffer.from(jwkOf(key).x ?? '', 'base64url');
const fingerprintOf = (content: Buffer): Promise<string> =>
  openMaterial(Buffer.from(content), 'raw', undefined, false).fingerprint(KEY);

function refusal(
  content: Buffer,
  keySpec: ImportableKeySpec | undefined,
  encoding: Encoding = 'raw',
): ByokError {
  try {
    openMaterial(Buffer.from(content), encoding, undefined, encoding !== 'raw').assertFits(
      keySpec,
      undefined,
    );
  } catch (error) {
    if (error instanceof ByokError) return error;
    throw error;
  }
  throw new Error('it is accepted');
}

function withCertificate(): void {
  writeFileSync(path('key.pem'), pemOf(rsa));
  run(
    'openssl',
    'req',
    '-x509',
    '-new',
    '-key',
    'key.pem',
    '-subj',
    '/CN=root',
    '-out',
    'cert.pem',
  );
}

function pkcs12(): Buffer {
  withCertificate();
  const store = [
    '-inkey',
    'key.pem',
    '-in',
    'cert.pem',
    '-name',
    'root',
    '-passout',
    'pass:secret',
  ];
  run('openssl', 'pkcs12', '-export', ...store, '-out', 'key.p12');
  return made('key.p12');
}

function keystore(type: string): Buffer {
  pkcs12();
  rmSync(path('key.jks'), { force: true });
  run(
    'keytool',
    ...['-importkeystore', '-noprompt', '-srckeystore', 'key.p12', '-srcstoretype', 'PKCS12'],
    ...['-srcstorepass', 'secret', '-destkeystore', 'key.jks', '-deststoretype', type],
    ...['-deststorepass', 'secret'],
  );
  return made('key.jks');
}

function openssh(type: string): Buffer {
  rmSync(path('id'), { force: true });
  run('ssh-keygen', '-q', '-t', type, '-N', '', '-f', 'id');
  return made('id');
}

const oneLine = (key: KeyObject): string => pemOf(key).trim().split('\n').join(' ');
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

interface Foreign {
  readonly what: string;
  readonly make: () => Buffer;
  /** Expected in the message. */
  readonly said: RegExp;
  readonly keySpec?: ImportableKeySpec;
  readonly needs?: string;
}

const FOREIGN: readonly Foreign[] = [
  {
    what: 'an OpenSSH RSA key',
    make: () => openssh('rsa'),
    said: /OpenSSH.*ssh-keygen -p/,
    needs: 'ssh-keygen',
  },
  {
    what: 'an OpenSSH Ed25519 key',
    make: () => openssh('ed25519'),
    said: /OpenSSH.*ssh-keygen/,
    needs: 'ssh-keygen',
  },
  {
    what: 'an OpenSSH public key',
    make: () => (openssh('ed25519'), made('id.pub')),
    said: /public key/,
    needs: 'ssh-keygen',
  },
  {
    what: 'a PuTTY key',
    make: () =>
      Buffer.from('PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: a\r\n'),
    said: /PuTTY.*puttygen/,
  },
  { what: 'a PKCS#12 file', make: pkcs12, said: /PKCS#12.*openssl pkcs12/ },
  {
    what: 'a JKS keystore',
    make: () => keystore('JKS'),
    said: /keystore.*keytool/,
    needs: 'keytool',
  },
  {
    what: 'a JCEKS keystore',
    make: () => keystore('JCEKS'),
    said: /keystore.*keytool/,
    needs: 'keytool',
  },
  {
    what: 'a certificate in PEM',
    make: () => (withCertificate(), made('cert.pem')),
    said: /certificate/,
  },
  {
    what: 'a certificate in DER',
    make: () => (withCertificate(), run('openssl', 'x509', '-in', 'cert.pem', '-outform', 'DER')),
    said: /certificate/,
  },
  {
    what: 'a certificate request',
    make: () => (
      withCertificate(),
      run('openssl', 'req', '-new', '-key', 'key.pem', '-subj', '/CN=a')
    ),
    said: /request/,
  },
  {
    what: 'a public key in PEM',
    make: () => Buffer.from(createPublicKey(rsa).export({ format: 'pem', type: 'spki' })),
    said: /public key/,
  },
  {
    what: 'a public key in DER',
    make: () => createPublicKey(ec).export({ format: 'der', type: 'spki' }),
    said: /public key/,
  },
  {
    what: 'an RSA public key in PKCS#1',
    make: () => createPublicKey(rsa).export({ format: 'der', type: 'pkcs1' }),
    said: /public key/,
  },
  {
    what: 'a public JWK',
    make: () => json(createPublicKey(ec).export({ format: 'jwk' })),
    said: /public JWK/,
  },
  { what: 'a JWK set', make: () => json({ keys: [jwkOf(ec)] }), said: /JWK set.*jq/ },
  {
    what: 'an RSA JWK without its primes',
    make: () => {
      const { kty, n, e, d } = jwkOf(rsa);
      return json({ kty, n, e, d });
    },
    said: /primes.*python3/,
  },
  {
    what: 'PEM whose line ends are backslash and n',
    make: () => Buffer.from(pemOf(rsa).replaceAll('\n', '\\n')),
    said: /\\n.*printf '%b'/,
  },
  {
    what: 'PEM in one line',
    make: () => Buffer.from(oneLine(rsa)),
    said: /one line.*openssl base64/,
  },
  {
    what: 'PEM in one line without white space',
    make: () => Buffer.from(pemOf(ec).replaceAll('\n', '')),
    said: /one line.*openssl base64/,
  },
  {
    what: 'encrypted PEM in one line',
    make: () =>
      Buffer.from(
        (
          rsa.export({
            format: 'pem',
            type: 'pkcs8',
            cipher: 'aes-256-cbc',
            passphrase: 'a',
          }) as string
        ).replaceAll('\n', ' '),
      ),
    said: /one line/,
  },
  {
    what: 'indented PEM',
    make: () => Buffer.from(pemOf(rsa).replace(/^/gm, '    ')),
    said: /indented.*sed/,
  },
  {
    what: 'JSON with PEM in it',
    make: () => json({ type: 'service_account', private_key: pemOf(rsa) }),
    said: /JSON with a private key.*jq/,
  },
  {
    what: 'PEM in quotes',
    make: () => Buffer.from(`"${pemOf(rsa)}"`),
    said: /in quotes.*printf/,
  },
  {
    what: 'PEM in UTF-16 without a mark',
    make: () => Buffer.from(pemOf(ec), 'utf16le'),
    said: /UTF-16.*iconv/,
  },
  {
    what: 'PEM with carriage returns only',
    make: () => Buffer.from(pemOf(rsa).replaceAll('\n', '\r')),
    said: /Macintosh.*tr /,
  },
  {
    what: 'PEM that was cut off',
    make: () => Buffer.from(pemOf(rsa).slice(0, 700)),
    said: /last line/,
  },
  {
    what: 'PKCS#7',
    make: () => Buffer.from('-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n'),
    said: /PKCS#7/,
  },
  {
    what: 'an SSH2 public key',
    make: () => (openssh('rsa'), run('ssh-keygen', '-e', '-f', 'id.pub')),
    said: /public key/,
    needs: 'ssh-keygen',
  },
  {
    what: 'an EC JWK without x and y',
    make: () => {
      const { kty, crv, d } = jwkOf(ec);
      return json({ kty, crv, d });
    },
    said: /JWK that is damaged or lacks a member.*x and y/,
  },
  {
    what: 'an EC JWK of two keys',
    make: () =>
      json({
        ...jwkOf(bitcoin),
        d: jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey).d,
      }),
    said: /public part belongs to another key/,
  },
  {
    what: 'a JWK that was cut off',
    make: () => json(jwkOf(rsa)).subarray(0, 300),
    said: /damaged/,
  },
  { what: 'an empty file', make: () => Buffer.alloc(0), said: /is empty/ },
  {
    what: 'a secp256k1 scalar in hex',
    make: () => Buffer.from(`0x${scalar(bitcoin).toString('hex')}\n`),
    said: /bare private key of secp256k1.*xxd/,
    keySpec: 'ECC_SECG_P256K1',
  },
  {
    what: 'a JWK of a secret',
    make: () => json({ kty: 'oct', k: scalar(ec).toString('base64url') }),
    said: /JWK of type oct/,
    keySpec: 'ECC_NIST_P256',
  },
  {
    what: 'an Ed25519 seed',
    make: () => scalar(ed25519),
    said: /seed.*openssl pkey/,
    keySpec: 'ECC_NIST_EDWARDS25519',
  },
  {
    what: 'an Ed25519 seed with its public key',
    make: () => Buffer.concat([scalar(ed25519), publicPart(ed25519)]),
    said: /seed.*openssl pkey/,
    keySpec: 'ECC_NIST_EDWARDS25519',
  },
];

const missing = (program: string | undefined): string | undefined =>
  program === undefined || has(program) ? undefined : program;

describe('when a file is not a private key that can be read', () => {
  for (const { what, make, said, keySpec = 'RSA_2048', needs } of FOREIGN) {
    itUnless(missing(needs))(`${what} is named, with the command that converts it`, () => {
      const content = make();
      const error = refusal(content, keySpec);
      expect(error.code).toBe('MATERIAL_KEY_FORMAT');
      expect(error.reason).toMatch(said);
      // Nothing of the file is in the message, in any form.
      const text = content.toString('latin1').replace(/-----[A-Z ]+-----/g, '');
      for (const word of text.split(/[^A-Za-z0-9+/=_-]+|\\n/).filter(({ length }) => length > 15)) {
        expect(error.message).not.toContain(word);
      }
    });
  }

  it('the reason is the same without a key spec, where the content says it', () => {
    const text = Buffer.from(pemOf(rsa).replaceAll('\n', '\\n'));
    expect(refusal(text, undefined).reason).toMatch(/\\n.*printf/);
    expect(refusal(pkcs12(), undefined).reason).toContain('PKCS#12');
  });
});

/** The command in the remedy, which ends the message. */
function commandIn({ reason }: ByokError): string {
  const [, command] =
    /(?:convert it|compute them|convert them|remove them|only that member|as ASCII|white space) \((.*)\)$/.exec(
      reason,
    ) ?? [];
  if (command === undefined) throw new Error('no command');
  return command;
}

const colons = (key: KeyObject): string =>
  scalar(key)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:');
const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const CONVERTED: readonly [
  string,
  ImportableKeySpec,
  KeyObject,
  () => Buffer,
  string,
  Encoding?,
][] = [
  [
    'PEM with \\n',
    'RSA_2048',
    rsa,
    () => Buffer.from(pemOf(rsa).replaceAll('\n', '\\n')),
    'key.pem',
  ],
  ['PEM in one line', 'RSA_2048', rsa, () => Buffer.from(oneLine(rsa)), 'key.pem'],
  [
    'indented PEM',
    'RSA_2048',
    rsa,
    () => Buffer.from(pemOf(rsa).replace(/^/gm, '\t')),
    'indented.pem',
  ],
  ['PEM in quotes', 'RSA_2048', rsa, () => Buffer.from(`"${pemOf(rsa)}"\n`), 'key.txt'],
  [
    'PEM with \\n in quotes after a name',
    'RSA_2048',
    rsa,
    () => Buffer.from(`KEY='${pemOf(rsa).replaceAll('\n', '\\n')}'\n`),
    'key.txt',
  ],
  ['PEM in UTF-16', 'ECC_NIST_P256', ec, () => Buffer.from(pemOf(ec), 'utf16le'), 'key.pem'],
  [
    'PEM with carriage returns',
    'RSA_2048',
    rsa,
    () => Buffer.from(pemOf(rsa).replaceAll('\n', '\r')),
    'key.pem',
  ],
  [
    'JSON with PEM in it',
    'RSA_2048',
    rsa,
    () => json({ id: 'a', keys: [{ private_key: pemOf(rsa) }] }),
    'key.json',
  ],
  ...(
    [
      ['ECC_SECG_P256K1', bitcoin],
      ['ECC_NIST_P256', ec],
      ['ECC_NIST_P384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
      ['ECC_NIST_P521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
      ['ECC_NIST_EDWARDS25519', ed25519],
    ] as const
  ).flatMap(([spec, key]): typeof CONVERTED => [
    [`the bytes of ${spec}`, spec, key, () => scalar(key), 'FILE'],
    [`hex of ${spec}`, spec, key, () => Buffer.from(`${scalar(key).toString('hex')}\n`), 'FILE'],
    [`hex in colons of ${spec}`, spec, key, () => Buffer.from(colons(key)), 'FILE'],
    [
      `UTF-16 hex of ${spec}`,
      spec,
      key,
      () => wide(`0x${scalar(key).toString('hex')}\r\n`),
      'FILE',
    ],
    [
      `base64 of ${spec}, decoded`,
      spec,
      key,
      () => Buffer.from(`${scalar(key).toString('base64')}\n`),
      'FILE',
      'base64',
    ],
    [
      `base64 of hex of ${spec}, decoded`,
      spec,
      key,
      () => Buffer.from(Buffer.from(scalar(key).toString('hex')).toString('base64')),
      'FILE',
      'base64',
    ],
    [
      `hex of ${spec}, decoded`,
      spec,
      key,
      () => Buffer.from(`\ufeff${colons(key)}\n`),
      'FILE',
      'hex',
    ],
  ]),
  [
    'seed and public key',
    'ECC_NIST_EDWARDS25519',
    ed25519,
    () => Buffer.concat([scalar(ed25519), publicPart(ed25519)]),
    'FILE',
  ],
];

/** The program that the command for a file runs besides OpenSSL. */
const RUNS: Readonly<Record<string, string>> = { FILE: 'xxd', 'key.json': 'jq' };

describe('when the command of the message is run', () => {
  for (const [what, keySpec, key, make, name, encoding] of CONVERTED) {
    itUnless(missing(RUNS[name]))(`${what} becomes the private key`, async () => {
      const content = make();
      const command = commandIn(refusal(content, keySpec, encoding));
      for (const output of [
        'key.pem',
        'key.der',
        'indented.pem',
        'ascii.pem',
        'unix.pem',
        'FILE',
      ]) {
        rmSync(path(output), { force: true });
      }
      writeFileSync(path(name), content);
      run('bash', '-c', command);
      const [, output = 'key.pem'] = /-out (\S+)|> (\S+)$/.exec(command)?.filter(Boolean) ?? [];
      expect(await fingerprintOf(made(output))).toBe(await fingerprintOf(Buffer.from(pemOf(key))));
    });
  }

  // moto needs the package cryptography too.
  const python = findPythonPrograms();
  const withPython = itUnless(python === undefined ? PYTHON_PROGRAMS : undefined);

  withPython('an RSA JWK without its primes becomes the private key', async () => {
    const { kty, n, e, d } = jwkOf(rsa);
    writeFileSync(path('key.json'), json({ kty, n, e, d }));
    const command = commandIn(refusal(made('key.json'), 'RSA_2048'));
    run('bash', '-c', `PATH="${String(python)}:$PATH"; ${command}`);
    expect(await fingerprintOf(made('key.pem'))).toBe(await fingerprintOf(Buffer.from(pemOf(rsa))));
  });

  itUnless(missing('ssh-keygen'))('an OpenSSH key becomes the private key', async () => {
    openssh('ecdsa');
    run('bash', '-c', 'ssh-keygen -p -N "" -m PKCS8 -f id');
    expect(await fingerprintOf(made('id'))).toMatch(/^v2:/);
  });

  it('a PKCS#12 file becomes the private key', async () => {
    pkcs12();
    const password = ['-passin', 'pass:secret'];
    run(
      'openssl',
      'pkcs12',
      '-in',
      'key.p12',
      '-nocerts',
      '-nodes',
      ...password,
      '-out',
      'out.pem',
    );
    expect(await fingerprintOf(made('out.pem'))).toBe(await fingerprintOf(Buffer.from(pemOf(rsa))));
  });
});

describe('when a private key is encrypted by a cipher that OpenSSL 3 has no longer', () => {
  const legacy = ['-provider', 'legacy', '-provider', 'default', '-passout', 'pass:secret'];
  const encrypted = (...args: readonly string[]): Buffer => {
    writeFileSync(path('plain.pem'), pemOf(rsa));
    return run('openssl', ...args, '-in', 'plain.pem', ...legacy);
  };
  const hasLegacy =
    spawnSync('openssl', ['list', '-providers', '-provider', 'legacy']).status === 0;

  it.each([
    ['PBE-MD5-DES', ['pkcs8', '-topk8', '-v1', 'PBE-MD5-DES']],
    ['PBE-MD5-DES in DER', ['pkcs8', '-topk8', '-v1', 'PBE-MD5-DES', '-outform', 'DER']],
    ['PBE-SHA1-RC4-128', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC4-128']],
    ['PBE-SHA1-RC2-40', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC2-40']],
    ['PBES2 with DES', ['pkcs8', '-topk8', '-v2', 'des']],
    ['DES before PKCS#8', ['rsa', '-traditional', '-des']],
  ])('%s is named instead of a wrong passphrase', (_what, args) => {
    if (!hasLegacy) return;
    const content = encrypted(...args);
    for (const passphrase of [undefined, 'secret', 'wrong']) {
      const open = (): unknown =>
        openMaterial(
          Buffer.from(content),
          'raw',
          passphrase === undefined ? undefined : Buffer.from(passphrase),
          false,
        );
      expect(open).toThrowWithCode('MATERIAL_PASSPHRASE');
      expect(open).toThrow('-provider legacy');
    }
  });

  // OpenSSL writes only some of them, so the encrypted PKCS#8 is put together here (RFC 5958 section 3).
  const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  };
  const encryptedBy = (algorithm: string): Buffer =>
    der(0x30, der(0x30, der(0x06, Buffer.from(algorithm, 'hex'))), der(0x04, Buffer.alloc(16)));

  it.each([
    ['PBE-MD2-DES', '2a864886f70d010501'],
    ['PBE-MD5-DES', '2a864886f70d010503'],
    ['PBE-MD2-RC2-64', '2a864886f70d010504'],
    ['PBE-MD5-RC2-64', '2a864886f70d010506'],
    ['PBE-SHA1-DES', '2a864886f70d01050a'],
    ['PBE-SHA1-RC2-64', '2a864886f70d01050b'],
    ['PBE-SHA1-RC4-128', '2a864886f70d010c0101'],
    ['PBE-SHA1-RC4-40', '2a864886f70d010c0102'],
    ['PBE-SHA1-RC2-128', '2a864886f70d010c0105'],
    ['PBE-SHA1-RC2-40', '2a864886f70d010c0106'],
    ['DES-CBC', '2b0e030207'],
    ['RC2-CBC', '2a864886f70d0302'],
    ['RC4', '2a864886f70d0304'],
  ])('%s is known by its object identifier', (_what, algorithm) => {
    const open = (): unknown => openMaterial(encryptedBy(algorithm), 'der', Buffer.from('secret'));
    expect(open).toThrowWithCode('MATERIAL_PASSPHRASE');
    expect(open).toThrow('-provider legacy');
  });

  it('a cipher that OpenSSL has is not (PBE-SHA1-3DES)', () => {
    const open = (): unknown =>
      openMaterial(encryptedBy('2a864886f70d010c0103'), 'der', Buffer.from('secret'));
    expect(open).toThrowWithCode('MATERIAL_PASSPHRASE');
    expect(open).not.toThrow('-provider legacy');
  });

  it('a wrong passphrase of a usual cipher is still one', () => {
    const content = encrypted('pkcs8', '-topk8');
    const open = (): unknown => openMaterial(content, 'raw', Buffer.from('wrong'), false);
    expect(open).toThrow('does not open');
  });
});
