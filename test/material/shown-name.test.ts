import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { shownPath, shownVariable } from '../../src/material/shown-name';

const ENCODINGS: readonly [string, (bytes: Buffer) => string][] = [
  ['base64', (bytes) => bytes.toString('base64')],
  ['base64url', (bytes) => bytes.toString('base64url')],
  ['hex', (bytes) => bytes.toString('hex')],
  ['upper hex', (bytes) => bytes.toString('hex').toUpperCase()],
  ['base64 without padding', (bytes) => bytes.toString('base64').replace(/=+$/, '')],
  ['base64 in lines', (bytes) => bytes.toString('base64').replace(/.{16}/g, '$&\n')],
  ['base64 with white space around it', (bytes) => ` ${bytes.toString('base64')}\n`],
  ['a name before base64', (bytes) => `base64:${bytes.toString('base64')}`],
  ['bytes as Latin-1', (bytes) => `/${bytes.toString('latin1')}`],
  ['bytes as UTF-8', (bytes) => `/${bytes.toString('utf8')}`],
  ['letters and digits', (bytes) => bytes.toString('hex').replace(/[a-f]/g, 'Z').slice(0, 32)],
];

describe('when a message may show a path or a name', () => {
  it.each([
    'k',
    'material.bin',
    './keys/root.bin',
    '..\\keys\\root.pem',
    'C:\\Users\\Alice\\Keys2026\\Root.bin',
    '/run/secrets/company-root-key-2026',
    '/Users/Alice/work/2026/infrastructure/keys/MaterialOfTheRootKey.bin',
    '/home/alice/Projects2026/infra/keys-prod-eu-west-1/material-2026-01-31.bin',
    'my keys/root key.bin',
  ])('the path %j is shown', (path) => {
    expect(shownPath(path)).toBe(path);
  });

  it.each(['ROOT_KEY', 'KEY', 'TF_VAR_root_key_material', 'CI_PROJECT_ROOT_KEY_2026'])(
    'the variable %s is shown',
    (name) => {
      expect(shownVariable(name)).toBe(name);
    },
  );

  it.each(ENCODINGS)('material as %s is shown as neither', (_encoding, encode) => {
    for (const bytes of [28, 32, 48, 64, 128].flatMap((length) =>
      Array.from({ length: 400 }, () => randomBytes(length)),
    )) {
      const text = encode(bytes);
      expect([text, shownPath(text), shownVariable(text)]).toEqual([text, undefined, undefined]);
    }
  });

  it('private keys and words are shown as neither', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const texts = [
      privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      JSON.stringify(privateKey.export({ format: 'jwk' })),
      'legal winner thank year wave sausage worth useful legal winner thank yellow',
      'correct horse battery staple',
    ];
    for (const text of texts) {
      expect([text, shownPath(text), shownVariable(text)]).toEqual([text, undefined, undefined]);
    }
  });

  it('a path in another language is shown', () => {
    expect(shownPath('/Users/Jörg/Schlüssel/größe.bin')).toBe('/Users/Jörg/Schlüssel/größe.bin');
  });

  it('a control character is shown, and not obeyed', () => {
    expect(shownPath('keys/\u001b[2J.bin')).toBe('keys/\\u001b[2J.bin');
  });
});
