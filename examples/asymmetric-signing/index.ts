import { ImportedKey } from 'pulumi-kms-byok';

const key = new ImportedKey(
  'signing',
  {
    keySpec: 'ECC_NIST_P256',
    keyUsage: 'SIGN_VERIFY',
    alias: 'kms-byok/signing',
    // PEM, DER or JWK. The provider converts it to the PKCS#8 that KMS expects.
    materials: [{ file: 'private-key.pem' }],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyArn = key.keyArn;
