import { ImportedKey } from 'pulumi-kms-byok';

const key = new ImportedKey(
  'signing',
  {
    keySpec: 'ECC_NIST_P256',
    keyUsage: 'SIGN_VERIFY',
    alias: 'kms-byok/signing',
    // PEM, DER or JWK; it is normalised to the PKCS#8 that KMS takes.
    materials: [{ file: 'private-key.pem' }],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
