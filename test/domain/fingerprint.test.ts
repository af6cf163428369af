import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  marksMaterial,
  markedDescription,
  ownerOf,
  withoutMark,
  areDifferent,
  commandFingerprint,
  fingerprint,
  fingerprintForm,
  publicKeyFingerprint,
  shortFingerprint,
} from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import { IMPORTABLE_KEY_SPECS } from '../../src/domain/key-specs';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const key = parseKeyReference('1234abcd-12ab-34cd-56ef-1234567890ab');
const otherKey = parseKeyReference('9999abcd-12ab-34cd-56ef-1234567890ab');
const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });

describe('when material is fingerprinted', () => {
  it('the value for known bytes never changes, or state would no longer match', () => {
    expect(fingerprint(key, Buffer.alloc(32, 7))).toBe(
      'v1:0ad4f818fb78399f6394360b2b393d60b5ac5593e73eef02bacef18fb6fd4313',
    );
  });

  it('different material and different keys have different fingerprints', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const equal = Buffer.compare(a, b) === 0;
        expect(fingerprint(key, a) === fingerprint(key, b)).toBe(equal);
        expect(fingerprint(key, a)).not.toBe(fingerprint(otherKey, a));
      }),
      RUNS,
    );
  });

  it('it is not the plain hash of the material', () => {
    const material = Buffer.alloc(32, 7);
    const plain = createHash('sha256').update(material).digest('hex');
    expect(fingerprint(key, material)).not.toContain(plain);
  });
});

describe('when fingerprints are compared', () => {
  const secret = fingerprint(key, Buffer.alloc(32, 7));
  const privateKey = publicKeyFingerprint(key, Buffer.alloc(32, 7));
  const command = commandFingerprint(key, 'a b');

  it.each([
    ['a secret with itself', secret, secret, false],
    ['a secret with another', secret, fingerprint(key, Buffer.alloc(32, 8)), true],
    ['a private key with itself', privateKey, privateKey, false],
    ['a private key with another', privateKey, publicKeyFingerprint(key, Buffer.alloc(1)), true],
    ['the older form of a private key in state', secret, privateKey, false],
    ['a private key in state with a secret', privateKey, secret, true],
    ['a command with itself', command, command, false],
    ['a command with another', command, commandFingerprint(key, 'a c'), false],
    ['a command in state with a secret', command, secret, false],
    ['a secret in state with a command', secret, command, false],
    ['a private key in state with a command', privateKey, command, false],
  ])('%s', (_what, before, after, different) => {
    expect(areDifferent(before, after)).toBe(different);
  });

  it.each(IMPORTABLE_KEY_SPECS)('%s has the form of its kind of material', (keySpec) => {
    const isSecret = keySpec === 'SYMMETRIC_DEFAULT' || keySpec.startsWith('HMAC_');
    expect(fingerprintForm(keySpec)).toBe(isSecret ? 'v1' : 'v2');
  });
});

describe('when a description contains the fingerprint', () => {
  const full = fingerprint(key, Buffer.alloc(32, 7));
  const text = fc.stringMatching(/^[a-zA-Z0-9:/_.-][a-zA-Z0-9:/_ .-]{0,200}$/);

  it('it is found again in front of every text, and the text behind it', () => {
    fc.assert(
      fc.property(fc.option(text, { nil: undefined }), (user) => {
        const description = markedDescription(full, user);
        expect(description.length).toBeLessThanOrEqual(256);
        expect(description).toMatch(/^[a-zA-Z0-9:/_\s.-]+$/);
        expect(marksMaterial(description, full)).toBe(true);
        expect(withoutMark(description)).toBe(user);
      }),
      RUNS,
    );
  });

  it('that of a command is found as well', () => {
    const command = commandFingerprint(key, 'a b');
    const description = markedDescription(command, 'user', '0123456789ab');
    expect(marksMaterial(description, command)).toBe(true);
    expect(marksMaterial(description, commandFingerprint(key, 'a c'))).toBe(false);
    expect(withoutMark(description)).toBe('user');
    expect(ownerOf(description)).toBe('0123456789ab');
  });

  it('a description of somebody else marks nothing and stays whole', () => {
    expect(marksMaterial('from vault 7', full)).toBe(false);
    expect(marksMaterial(undefined, full)).toBe(false);
    expect(withoutMark('from vault 7')).toBe('from vault 7');
    expect(withoutMark(undefined)).toBeUndefined();
    const other = fingerprint(otherKey, Buffer.alloc(32, 7));
    expect(marksMaterial(`byok:${shortFingerprint(other)}`, full)).toBe(false);
  });
});
