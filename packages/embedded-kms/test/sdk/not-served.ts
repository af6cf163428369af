/** A part of AWS KMS that the server does not serve. The page of differences shows what and why. */
interface NotServed {
  readonly what: string;
  readonly why: string;
  /** Members of requests: `Decrypt.Recipient`. */
  readonly members?: readonly string[];
  /** Values of enums: `KeySpec.SM2`, or `ConnectionStateType.*` for all. */
  readonly values?: readonly string[];
}

/** The one list of what the newest SDK knows and the server does not serve. */
export const NOT_SERVED: readonly NotServed[] = [
  {
    what: 'Nitro enclaves and NitroTPM (`Recipient`)',
    why: 'the answer would have to be encrypted for an environment that AWS attests',
    members: [
      'Decrypt.Recipient',
      'DeriveSharedSecret.Recipient',
      'GenerateDataKey.Recipient',
      'GenerateDataKeyPair.Recipient',
      'GenerateRandom.Recipient',
    ],
    values: ['KeyEncryptionMechanism.*'],
  },
  {
    what: 'keys in custom key stores',
    why: 'there is no CloudHSM and no external key store. The operations answer as on an account that has no custom key store',
    values: [
      'ConnectionErrorCodeType.*',
      'ConnectionStateType.*',
      'KeyState.Unavailable',
      'OriginType.AWS_CLOUDHSM',
      'OriginType.EXTERNAL_KEY_STORE',
    ],
  },
  {
    what: 'SM2 keys, `SM2DSA`, `SM2PKE` and SM2 wrapping keys',
    why: 'AWS has them only in China Regions, and node:crypto cannot encrypt with SM2',
    values: [
      'AlgorithmSpec.SM2PKE',
      'CustomerMasterKeySpec.SM2',
      'DataKeyPairSpec.SM2',
      'EncryptionAlgorithmSpec.SM2PKE',
      'KeySpec.SM2',
      'SigningAlgorithmSpec.SM2DSA',
      'WrappingKeySpec.SM2',
    ],
  },
  {
    what: 'wrapping with `RSAES_PKCS1_V1_5`',
    why: 'AWS removed it in 2023, though the enum still has it',
    values: ['AlgorithmSpec.RSAES_PKCS1_V1_5'],
  },
  {
    what: '`ED25519_PH_SHA_512`',
    why: 'node:crypto has no prehashed Ed25519',
    values: ['SigningAlgorithmSpec.ED25519_PH_SHA_512'],
  },
  {
    what: '`EXTERNAL_MU`',
    why: 'node:crypto signs only whole messages with ML-DSA',
    values: ['MessageType.EXTERNAL_MU'],
  },
  {
    what: 'keys of AWS services',
    why: 'no AWS service runs here',
    values: ['KeyManagerType.AWS'],
  },
];
