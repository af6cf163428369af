import { keyWrapMechanism, padsPrivateKeys } from '../../../src/material/pkcs11/vendors';

// Manufacturers and numbers as in the documents that docs/how-to/import-from-an-hsm.md names.
describe('when the mechanism of RFC 5649 is chosen', () => {
  it.each([
    ['a token with the number of the standard', 'nCipher Corp. Ltd', [0x210a, 0x210b], 0x210b],
    ['a Luna with the number of its vendor', 'SafeNet', [0x9, 0x80000171], 0x80000171],
    ['a CloudHSM', 'Marvell Semiconductors, Inc.', [0x8000216f], 0x8000216f],
    ['SoftHSM', 'SoftHSM project', [0x2109, 0x210a], 0x210a],
    ['the number that means two things', 'Somebody else', [0x2109, 0x210a], undefined],
    ['the number of one vendor on a token of another', 'Yubico', [0x80000171], undefined],
  ] as const)('for %s', (_what, manufacturer, mechanisms, expected) => {
    expect(keyWrapMechanism({ manufacturer, mechanisms })).toBe(expected);
  });

  it('zero bytes are expected only of old SoftHSM and its own mechanism', () => {
    const pads = (minor: number, keyWrap: number): boolean =>
      padsPrivateKeys({ manufacturer: 'SoftHSM project', firmware: [2, minor], keyWrap });
    expect([pads(6, 0x210a), pads(7, 0x210a), pads(6, 0x210b)]).toEqual([true, false, false]);
  });
});
