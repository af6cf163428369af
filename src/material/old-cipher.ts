import { pemBody } from './text';

// Object identifiers in DER, as they are in an encrypted PKCS#8: PBES1 with DES or RC2 (RFC 8018 appendix A.3), PKCS#12
// with RC4 or RC2 (RFC 7292 appendix C), and PBES2 with DES, RC2 or RC4.
const OLD_CIPHERS: readonly string[] = [
  ...['01', '03', '04', '06', '0a', '0b'].map((last) => `06092a864886f70d0105${last}`),
  ...['01', '02', '05', '06'].map((last) => `060a2a864886f70d010c01${last}`),
  '06052b0e030207',
  '06082a864886f70d0302',
  '06082a864886f70d0304',
];

/** Returns whether an encrypted private key has a cipher that is only in the legacy provider of OpenSSL 3. */
export function hasOldCipher(content: Buffer, isPem: boolean): boolean {
  if (isPem && /^DEK-Info: (?:DES-CBC|RC2|RC4)/m.test(content.toString('latin1'))) return true;
  // The parameters of the cipher are at the beginning, and the rest is the encrypted key.
  const head = (isPem ? pemBody(content) : content).subarray(0, 120).toString('hex');
  return OLD_CIPHERS.some((oid) => head.includes(oid));
}
