import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportableKeySpec } from '../../src/domain/key-specs';
import { ByokError } from '../../src/errors';
import type { Material } from '../../src/material/material';
import { openLocalSource } from '../../src/material/open-source';
import {
  declaredKind,
  declaredReference,
} from '../../src/provider/imported-key-material/material-input';
import type { LocalReference, SourceReference } from '../../src/material/references';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const LENGTHS = {
  SYMMETRIC_DEFAULT: 32,
  HMAC_224: 28,
  HMAC_256: 32,
  HMAC_384: 48,
  HMAC_512: 64,
} as const satisfies Partial<Record<ImportableKeySpec, number>>;
type SecretSpec = keyof typeof LENGTHS;
const SPECS = Object.keys(LENGTHS) as SecretSpec[];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-text-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const rand = (...args: string[]): Buffer => execFileSync('openssl', ['rand', ...args]);
const utf16 = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(text.toString('latin1'), 'utf16le')]);
const withMark = (text: Buffer): Buffer => Buffer.concat([Buffer.from('efbbbf', 'hex'), text]);
const octets = (bytes: Buffer) => ({ kty: 'oct', k: bytes.toString('base64url') });
const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
// As xxd writes it.
const hexDump = (bytes: Buffer): string =>
  Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
    const part = bytes.subarray(line * 16, line * 16 + 16);
    const digits = part.toString('hex').replace(/.{4}(?=.)/g, '$& ');
    const characters = part.toString('latin1').replace(/[^ -~]/g, '.');
    return `${(line * 16).toString(16).padStart(8, '0')}: ${digits.padEnd(39)}  ${characters}\n`;
  }).join('');
// RFC 4648 section 6.
function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = (bits.match(/.{1,5}/g) ?? []).map(
    (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five.padEnd(5, '0'), 2)]!,
  );
  return digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=');
}
const colons = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('hex').replace(/..(?=.)/g, '$&:'));

/** Opens a source as a preview does, from what the program declares. */
function open(declared: object, env: NodeJS.ProcessEnv = {}): Promise<Material> {
  const reference = declaredReference(declaredKind(declared), declared);
  return openLocalSource(reference as SourceReference & LocalReference, declared, { env });
}

function file(content: Buffer, more: object = {}): Promise<Material> {
  const path = join(folder, randomBytes(8).toString('hex'));
  writeFileSync(path, content, { mode: 0o600 });
  return open({ file: path, ...more });
}

async function refusal(
  material: Promise<Material>,
  keySpec?: ImportableKeySpec,
): Promise<ByokError> {
  try {
    (await material).assertFits(keySpec, 'eu-west-1');
  } catch (error) {
    if (error instanceof ByokError) return error;
    throw error;
  }
  throw new Error('it is accepted');
}

const unpadded = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.fill(0xff, 0, 3).toString('base64').replace(/=+$/, ''));

/** Files that a person has who follows a recipe, with what is said of them. */
const TEXTS: readonly [string, (length: number) => Buffer, RegExp][] = [
  ['base64 with a line end', (length) => rand('-base64', `${length}`), /base64: set .*'base64'/],
  ['hex with a line end', (length) => rand('-hex', `${length}`), /hex.*'hex'/],
  ['hex with colons', (length) => colons(rand(`${length}`)), /colons.*'hex'/],
  [
    'base64url',
    (l) =>
      Buffer.from(
        rand(`${l + 1}`)
          .fill(0xff, 0, 3)
          .toString('base64url'),
      ),
    /base64url.*'base64'/,
  ],
  ['UTF-16 of base64', (length) => utf16(rand('-base64', `${length}`)), /UTF-16.*'base64'/],
  ['UTF-16 of hex', (length) => utf16(rand('-hex', `${length}`)), /UTF-16.*'hex'/],
  ['base64 behind a byte order mark', (l) => withMark(rand('-base64', `${l}`)), /mark.*'base64'/],
  ['a JWK set', (length) => json({ keys: [octets(rand(`${length}`))] }), /JWK set.*'jwk'/],
  ['base32', (length) => Buffer.from(`${base32(rand(`${length}`))}\n`), /base32 -d/],
  ['hex after 0x', (l) => Buffer.from(`0x${rand('-hex', `${l}`).toString()}`), /0x.*'hex'/],
  ['base64 in quotes', (l) => Buffer.from(`"${rand(`${l}`).toString('base64')}"\n`), /quotes/],
  [
    'a line of an environment file',
    (l) => Buffer.from(`export ROOT_KEY=${rand('-hex', `${l}`).toString()}`),
    /NAME=VALUE/,
  ],
  ['a hex dump', (l) => Buffer.from(hexDump(rand(`${l}`))), /hex dump.*xxd -r/],
  ['a UUID', () => Buffer.from(`${randomUUID()}\n`), /UUID/],
  ['JSON', (length) => json({ key: rand(`${length}`).toString('base64') }), /JSON/],
];

describe.each(SPECS)('when text is given as the bytes of a %s key', (keySpec) => {
  const length = LENGTHS[keySpec];

  it.each(TEXTS)('%s is refused, and the remedy is named', async (_what, content, remedy) => {
    const text = content(length);
    for (const spec of [keySpec, undefined]) {
      const error = await refusal(file(text), spec);
      expect(['MATERIAL_LENGTH', 'MATERIAL_ENCODING']).toContain(error.code);
      expect(error.reason).toMatch(remedy);
      expect(error.reason).not.toContain(text.toString('latin1').slice(8, 24));
    }
  });

  it('base64 without padding is refused, and the remedy is named', async () => {
    // A multiple of three bytes has no padding.
    const text = unpadded(rand(`${length % 3 === 0 ? length + 1 : length}`));
    expect((await refusal(file(text), keySpec)).reason).toMatch(/without padding.*'base64'/);
  });

  it.each(['base64', 'hex'] as const)(
    'a JWK that is declared as %s is refused, and the remedy is named',
    async (encoding) => {
      const error = await refusal(file(json(octets(rand(`${length}`))), { encoding }), keySpec);
      expect(error.code).toBe('MATERIAL_ENCODING');
      expect(error.reason).toMatch(/a JWK.*'jwk'/);
    },
  );

  it.each(['pem', 'der', 'jwk'] as const)(
    'bytes that are declared as %s are no secret',
    async (encoding) => {
      const bytes = Buffer.alloc(length, 0xa5);
      expect((await refusal(file(bytes, { encoding }), keySpec)).code).toBe('MATERIAL_KEY_FORMAT');
    },
  );

  it('an empty file is called empty', async () => {
    const error = await refusal(file(Buffer.alloc(0)), keySpec);
    expect(error.code).toBe('MATERIAL_LENGTH');
    expect(error.reason).toContain('empty');
  });

  it.each([
    ['hex', (bytes: number) => rand('-hex', `${bytes / 2}`).subarray(0, -1)],
    ['base64', (bytes: number) => rand('-base64', `${(bytes * 3) / 4}`).subarray(0, bytes)],
    // Of fewer bytes than its length, so that the text has the length of the key.
    [
      'base32',
      (bytes: number) =>
        Buffer.from(base32(rand(`${Math.floor(bytes / 8) * 5 - 2}`)).padStart(bytes, 'A')),
    ],
  ])('%s of exactly its length is refused', async (_what, content) => {
    const text = content(length);
    expect(text).toHaveLength(length);
    expect((await refusal(file(text), keySpec)).code).toBe('MATERIAL_ENCODING');
  });

  it('its length and a line end are refused', async () => {
    for (const end of ['\n', '\r\n']) {
      const content = Buffer.concat([Buffer.alloc(length, 0xa5), Buffer.from(end)]);
      const error = await refusal(file(content), keySpec);
      expect([error.code, error.reason]).toEqual([
        'MATERIAL_LENGTH',
        expect.stringContaining('line end'),
      ]);
    }
  });

  it('hex in a source whose default is base64 is refused', async () => {
    const inline = rand('-hex', `${length}`).toString();
    const error = await refusal(open({ inline }), keySpec);
    expect(error.reason).toMatch(/hex.*'hex'/);
    await expect(
      open({ inline, encoding: 'hex' }).then((material) => {
        material.assertFits(keySpec, undefined);
      }),
    ).resolves.toBeUndefined();
  });

  it('the same text is the key with the encoding that the message names', async () => {
    const bytes = rand(`${length}`);
    for (const [content, encoding] of [
      [bytes.toString('base64'), 'base64'],
      [bytes.toString('hex'), 'hex'],
      [colons(bytes).toString(), 'hex'],
    ] as const) {
      const material = await file(Buffer.from(content), { encoding });
      material.assertFits(keySpec, undefined);
      const same = await file(bytes);
      const expected = await same.fingerprint({ id: 'a' });
      expect(await material.fingerprint({ id: 'a' })).toBe(expected);
    }
  });

  it('random bytes of its length are never refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: length, maxLength: length }), async (bytes) => {
        // The generator likes small values, and no two bytes make text.
        bytes.set([0x80, 0xff]);
        (await file(Buffer.from(bytes))).assertFits(keySpec, undefined);
      }),
      { ...RUNS, numRuns: 25 },
    );
  });
});

describe.each(SPECS.filter((keySpec) => keySpec !== 'SYMMETRIC_DEFAULT'))(
  'when material for %s has another length than its hash',
  (keySpec) => {
    const length = LENGTHS[keySpec];

    it.each([1, 128 - length])(
      '%d bytes more are refused, and raw is the way to say so',
      async (more) => {
        const bytes = randomBytes(length + more);
        // A line feed at the end would be the reason.
        bytes.set([0x80], bytes.length - 1);
        const error = await refusal(file(bytes), keySpec);
        expect([error.code, error.reason]).toEqual([
          'MATERIAL_LENGTH',
          expect.stringContaining("encoding: 'raw'"),
        ]);
        (await file(bytes, { encoding: 'raw' })).assertFits(keySpec, undefined);
      },
    );

    it('raw does not reach beyond what KMS takes', async () => {
      for (const wrong of [length - 1, 129]) {
        const error = await refusal(file(randomBytes(wrong), { encoding: 'raw' }), keySpec);
        expect(error.code).toBe('MATERIAL_LENGTH');
      }
    });

    it('text that is declared as raw is the key itself', async () => {
      const text = rand('-hex', `${length}`).subarray(0, length);
      (await file(text, { encoding: 'raw' })).assertFits(keySpec, undefined);
      (await open({ env: 'A', encoding: 'raw' }, { A: text.toString() })).assertFits(
        keySpec,
        undefined,
      );
    });
  },
);
