import fc from 'fast-check';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint } from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import {
  identifier,
  parseBundle,
  parseWrapped,
  serialize,
  type Bundle,
  type WrappedFile,
} from '../../src/material/bundle';
import { openMaterial, openLocalSource } from '../../src/material/open-source';
import { assertTokenNotExpired, WrappedMaterial } from '../../src/material/wrapped-material';
import type { ByokError } from '../../src/errors';
import { madeUpBundle, wrappedFor } from '../support/ceremony';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const ARN = `arn:aws:kms:eu-west-1:111122223333:key/${ID}`;
const material = randomBytes(32);
const bundle = madeUpBundle(ARN);
const wrapped: WrappedFile = {
  format: 'pulumi-kms-byok/wrapped',
  version: 1,
  bundleId: identifier(bundle),
  encryptedKeyMaterial: randomBytes(256).toString('base64'),
  materialFingerprint: fingerprint(parseKeyReference(ARN), material),
};

const FILES: [string, (text: string) => Bundle | WrappedFile, Bundle | WrappedFile][] = [
  ['bundle', parseBundle, bundle],
  ['wrapped file', parseWrapped, wrapped],
];

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'nothing thrown';
  } catch (error) {
    return (error as ByokError).code;
  }
}

describe.each(FILES)('when a %s is read', (_name, parse, body) => {
  it('what was written comes back', () => {
    expect(parse(serialize(body))).toEqual(body);
  });

  it('it is refused when it is cut off anywhere', () => {
    const text = serialize(body).trimEnd();
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), (length) => {
        expect(codeOf(() => parse(text.slice(0, length)))).toBe('BUNDLE_FORMAT');
      }),
      RUNS,
    );
  });

  it('it is refused when any of its members was edited, removed or added', () => {
    const members = JSON.parse(serialize(body)) as Record<string, unknown>;
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(members), 'note'),
        fc.jsonValue(),
        (name, value) => {
          fc.pre(JSON.stringify(members[name]) !== JSON.stringify(value));
          const edited = codeOf(() => parse(JSON.stringify({ ...members, [name]: value })));
          expect(['BUNDLE_FORMAT', 'BUNDLE_TAMPERED']).toContain(edited);
          const { [name]: _removed, ...rest } = members;
          if (name in members)
            expect(codeOf(() => parse(JSON.stringify(rest)))).toMatch(/^BUNDLE_/);
        },
      ),
      RUNS,
    );
  });

  it('one character of base64 that was edited is noticed', () => {
    const text = serialize(body);
    const at = text.search(/(?:publicKey|encryptedKeyMaterial)": "/) + 60;
    const edited = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    expect(codeOf(() => parse(edited))).toBe('BUNDLE_TAMPERED');
  });

  it.each(['', 'null', '[]', '7', '{}', '{"format":"pulumi-kms-byok/bundle","version":2}'])(
    '%s is refused by its format',
    (text) => {
      expect(codeOf(() => parse(text))).toBe('BUNDLE_FORMAT');
    },
  );

  it('an error quotes nothing of what was read', () => {
    const secret = material.toString('base64');
    for (const text of [secret, JSON.stringify({ ...body, [secret]: secret }), `{"a":${secret}`]) {
      expect(() => parse(text)).toThrowWithCode('BUNDLE_FORMAT');
      expect(() => parse(text)).not.toThrow(secret);
    }
  });
});

describe('when material was wrapped elsewhere', () => {
  it('it is the same material as its bytes, for the ID and for the ARN of the key', async () => {
    const opened = new WrappedMaterial(bundle, await wrappedFor(bundle, material));
    for (const key of [parseKeyReference(ID), parseKeyReference(ARN)]) {
      const expected = await openMaterial(Buffer.from(material), 'raw').fingerprint(key);
      expect(await opened.fingerprint(key)).toBe(expected);
    }
  });

  it('a bundle of another key, another Region or another key spec is refused', () => {
    const opened = new WrappedMaterial(bundle, wrapped);
    const others = [
      ID.replace('1234', '4321'),
      ARN.replace('eu-west-1', 'eu-west-2'),
      ARN.replace('111122223333', '444455556666'),
    ];
    for (const other of others) {
      expect(() => opened.fingerprint(parseKeyReference(other))).toThrowWithCode('BUNDLE_KEY');
    }
    expect(() => {
      opened.assertFits('HMAC_256');
    }).toThrowWithCode('BUNDLE_KEY');
  });

  it('a wrapped file of another bundle is refused', () => {
    const other = madeUpBundle(ARN);
    expect(identifier(other)).not.toBe(identifier(bundle));
    expect(() => new WrappedMaterial(other, wrapped)).toThrowWithCode('BUNDLE_MISMATCH');
  });

  it.each([
    ['RSAES_OAEP_SHA_256', [255, 257, 272], [256]],
    ['RSA_AES_KEY_WRAP_SHA_256', [256, 264, 273, 6152], [272, 280, 1504, 6144]],
  ] as const)('a ciphertext that cannot be of %s is refused', (wrappingAlgorithm, wrong, right) => {
    const other = madeUpBundle(ARN, { wrappingAlgorithm });
    const file = (length: number): WrappedFile => ({
      ...wrapped,
      bundleId: identifier(other),
      encryptedKeyMaterial: randomBytes(length).toString('base64'),
    });
    for (const length of right) new WrappedMaterial(other, file(length));
    for (const length of wrong) {
      expect(() => new WrappedMaterial(other, file(length))).toThrowWithCode('WRAPPED_LENGTH');
    }
  });

  it('material that does not fit the key spec of the bundle is not wrapped', async () => {
    await expect(wrappedFor(bundle, randomBytes(31))).rejects.toThrowWithCode('MATERIAL_LENGTH');
    const { privateKey } = generateKeyPairSync('ed25519');
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    await expect(wrappedFor(bundle, der)).rejects.toThrowWithCode('MATERIAL_KEY_TYPE');
  });

  it('a bundle without the wrapping key of its spec is not wrapped for', async () => {
    const other = madeUpBundle(ARN, { wrappingKeySpec: 'RSA_4096' });
    await expect(wrappedFor(other, material)).rejects.toThrowWithCode('KMS_WRAPPING_KEY');
  });

  it('its token is good until the deadline, and not at it', () => {
    const deadline = Date.parse(bundle.parametersValidTo);
    assertTokenNotExpired(bundle.parametersValidTo, new Date(deadline - 1));
    assertTokenNotExpired(undefined, new Date(deadline));
    expect(() => {
      assertTokenNotExpired(bundle.parametersValidTo, new Date(deadline));
    }).toThrowWithCode('BUNDLE_EXPIRED');
  });
});

describe('when the files of a ceremony are a source', () => {
  const folder = mkdtempSync(join(tmpdir(), 'byok-bundle-'));
  const place = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const files = {
    bundle: place('bundle.json', serialize(bundle)),
    ciphertext: place('wrapped.json', serialize(wrapped)),
    id: identifier(wrapped),
  };

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{ ...files, bundle: folder }, 'MATERIAL_FILE'],
    [{ ...files, ciphertext: join(folder, 'absent') }, 'MATERIAL_FILE'],
    [{ ...files, bundle: files.ciphertext, ciphertext: files.bundle }, 'BUNDLE_FORMAT'],
    [{ ...files, ciphertext: place('large', ' '.repeat(70_000)) }, 'MATERIAL_FILE'],
    [{ ...files, id: '0'.repeat(64) }, 'WRAPPED_ID'],
    [{ ...files, id: undefined as never }, 'WRAPPED_ID'],
  ])('%j is refused', async (wrong, code) => {
    const opened = openLocalSource({ kind: 'wrapped', ...wrong }, {}, { env: {} });
    await expect(opened).rejects.toThrowWithCode(code as 'BUNDLE_FORMAT');
  });
});
