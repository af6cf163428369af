import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { WRAPPING_KEY_BITS, type WrappingKeySpec } from '../../src/domain/key-specs';
import { readWrappingKey } from '../../src/material/wrap';

const SPECS = Object.keys(WRAPPING_KEY_BITS).filter((spec) =>
  spec.startsWith('RSA'),
) as WrappingKeySpec[];
const derOf = (bits: number, publicExponent = 65_537): Buffer =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).publicKey.export({
    format: 'der',
    type: 'spki',
  });
const keys = new Map(SPECS.map((spec) => [spec, derOf(WRAPPING_KEY_BITS[spec])]));

describe.each(SPECS)('when a wrapping key of %s is read', (spec) => {
  const der = keys.get(spec)!;

  it('it is the key that OpenSSL decodes', () => {
    const decoded = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(readWrappingKey(der, spec).equals(decoded)).toBe(true);
  });

  it('one of any other spec is refused', () => {
    for (const other of SPECS.filter((one) => one !== spec)) {
      expect(() => readWrappingKey(der, other)).toThrowWithCode('KMS_WRAPPING_KEY');
    }
  });

  it('no other encoding is the same key', () => {
    // Every byte before the modulus, and those of the exponent; a modulus is any odd number of the size.
    const head = der.length - WRAPPING_KEY_BITS[spec] / 8 - 5;
    const places = [...Array(head).keys(), ...[1, 2, 3, 4, 5].map((back) => der.length - back)];
    const accepted = places.filter((place) => {
      const changed = Buffer.from(der);
      changed[place]! ^= 2;
      try {
        return readWrappingKey(changed, spec).equals(readWrappingKey(der, spec));
      } catch (error) {
        expect(error).toMatchObject({ code: 'KMS_WRAPPING_KEY' });
        return false;
      }
    });
    expect(accepted).toEqual([]);
    for (const other of [Buffer.concat([der, Buffer.of(0)]), der.subarray(0, -1)]) {
      expect(() => readWrappingKey(other, spec)).toThrowWithCode('KMS_WRAPPING_KEY');
    }
  });

  it('a modulus with a leading zero is a smaller key, and refused', () => {
    const changed = Buffer.from(der);
    changed[der.length - WRAPPING_KEY_BITS[spec] / 8 - 5] = 0;
    expect(() => readWrappingKey(changed, spec)).toThrowWithCode('KMS_WRAPPING_KEY');
  });
});

describe('when a wrapping key has another exponent than those of KMS', () => {
  it('it is read if the exponent is sound', () => {
    const der = derOf(2048, 65_539);
    const decoded = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(readWrappingKey(der, 'RSA_2048').equals(decoded)).toBe(true);
  });
});
