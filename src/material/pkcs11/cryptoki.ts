// Numbers of PKCS #11 (OASIS PKCS #11 Specification Version 3.1, appendix B), as far as this package uses them.

/** Classes of objects. */
export const CKO = { publicKey: 2, privateKey: 3, secretKey: 4 } as const;

/** Types of keys. */
export const CKK = { rsa: 0, ec: 3, genericSecret: 0x10, aes: 0x1f, ecEdwards: 0x40 } as const;

/** The types of a key whose only use is HMAC: those of SHA-1, SHA-256, SHA-384, SHA-512 and SHA-224. */
export const CKK_HMAC: readonly number[] = [0x28, 0x2b, 0x2c, 0x2d, 0x2e];

/** Attributes. */
export const CKA = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  wrap: 0x106,
  modulus: 0x120,
  publicExponent: 0x122,
  valueLength: 0x161,
  extractable: 0x162,
  ecParameters: 0x180,
  ecPoint: 0x181,
  wrapWithTrusted: 0x210,
} as const;

/** Mechanisms. */
export const CKM = {
  rsaOaep: 0x9,
  sha1: 0x220,
  sha256: 0x250,
  hmac: { sha224: 0x256, sha256: 0x251, sha384: 0x261, sha512: 0x271 },
  ecdsa: 0x1041,
  eddsa: 0x1057,
  aesKeyGen: 0x1080,
  aesCmac: 0x108a,
  aesKeyWrapPad: 0x210a,
  aesKeyWrapKwp: 0x210b,
} as const;

/** Mask generation functions. */
export const CKG = { mgf1Sha1: 1, mgf1Sha256: 2 } as const;

/** `CKZ_DATA_SPECIFIED`: the label of OAEP is in the parameters. */
export const CKZ_DATA_SPECIFIED = 1;

/** Flags of a token. */
export const TOKEN_FLAG = {
  loginRequired: 0x4,
  pinInitialized: 0x8,
  keypad: 0x100,
  finalTry: 0x20000,
  locked: 0x40000,
} as const;

/** Flags of a session. */
export const SESSION_FLAG = { serial: 0x4 } as const;

/** `CKU_USER`. */
export const USER = 1;
