import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeState } from '../../packages/embedded-kms/src/cli/files';
import { openMaterial } from '../../src/material/open-source';
import { sourceReference } from '../../src/material/source-schema';
import { wrap } from '../../src/material/wrap';

const OAEP = { wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' } as const;
const folder = mkdtempSync(join(tmpdir(), 'byok-strict-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const wrappingKey = (publicExponent = 65_537): Buffer =>
  generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent }).publicKey.export({
    format: 'der',
    type: 'spki',
  });

describe('when an endpoint hands out a wrapping key', () => {
  it('one with a small exponent wraps nothing', () => {
    const publicKey = wrappingKey(3);
    expect(() => wrap(randomBytes(32), { ...OAEP, publicKey }, randomBytes)).toThrowWithCode(
      'KMS_WRAPPING_KEY',
    );
  });

  it('one with bytes behind it wraps nothing', () => {
    const publicKey = Buffer.concat([wrappingKey(), Buffer.from([0])]);
    expect(() => wrap(randomBytes(32), { ...OAEP, publicKey }, randomBytes)).toThrowWithCode(
      'KMS_WRAPPING_KEY',
    );
  });
});

describe('when material is a JWK', () => {
  const k = Buffer.alloc(32, 7).toString('base64url');

  it.each([
    ['padding', `${k}=`],
    ['the other alphabet', Buffer.alloc(32, 255).toString('base64').replace('=', '')],
    [
      'bits behind its last byte',
      `${k.slice(0, -1)}${k.endsWith('8') ? '9' : '8'}`.slice(0, -1) + 'd',
    ],
    ['a number', 7],
    ['a list', [k]],
    ['nothing', undefined],
  ])('k with %s is refused', (_what, wrong) => {
    const text = Buffer.from(JSON.stringify({ kty: 'oct', k: wrong }));
    expect(() => openMaterial(text, 'jwk')).toThrowWithCode('MATERIAL_ENCODING');
  });

  it('white space in front does not make it a secret of its own text', async () => {
    const key = { id: '1234abcd-12ab-34cd-56ef-1234567890ab' };
    const [plain, spaced] = ['', '\n '].map((before) =>
      openMaterial(Buffer.from(`${before}${JSON.stringify({ kty: 'oct', k })}`), 'raw'),
    );
    expect(await spaced?.fingerprint(key)).toBe(await plain?.fingerprint(key));
  });
});

describe('when a reference to a source is read', () => {
  it.each([
    { kind: 'inline', inline: 'c2VjcmV0' },
    { kind: 'file', file: 'a', env: 'b' },
    { kind: 'env', env: 'a', inline: 'b' },
    { kind: 'wrapped', bundle: 'a', ciphertext: 'b', id: 'c', encoding: 'raw' },
    { kind: 'command', program: 'a', sha256: 'b', command: ['a'] },
    { kind: 'secretsManager', secretId: 'a', value: 'b' },
    { kind: 'ssmParameter', name: 'a', value: 'b' },
    { kind: 'file', file: 'a', passphrase: { kind: 'inline', inline: 'b' } },
  ])('%j has a member that is not of its kind, and is refused', (reference) => {
    expect(sourceReference.safeParse(reference).success).toBe(false);
  });
});

describe('when the emulator writes its state', () => {
  it('it does not write through a link, and no other user can read the file', () => {
    const path = join(folder, 'state.json');
    const planted = join(folder, 'planted');
    writeFileSync(planted, '', { mode: 0o666 });
    symlinkSync(planted, `${path}.${process.pid}.tmp`);
    writeState(path, { secret: true } as never);
    expect(readFileSync(planted, 'utf8')).toBe('');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
