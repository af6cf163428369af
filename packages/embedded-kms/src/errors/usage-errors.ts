import { KmsError, validation } from './kms-error';

/** Recorded 2023-04-13 and 2024-12-25, for six operations. */
export function invalidKeyUsage(arn: string, keyUsage: string, operation: string): KmsError {
  return new KmsError(
    'InvalidKeyUsageException',
    `${arn} key usage is ${keyUsage} which is not valid for ${operation}.`,
  );
}

/** Recorded 2023-04-13. */
export function keyUsageMissing(): KmsError {
  return validation(
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  );
}

/** Recorded 2023-04-13 for HMAC keys; for all others inferred. */
export function incompatibleAlgorithm(algorithm: string, keySpec: string): KmsError {
  return new KmsError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${keySpec}.`,
  );
}

/** Third party. */
export function twoKeySpecs(): KmsError {
  return validation(
    'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  );
}

/** The rules are documented (API reference), name and text are inferred. */
export function notBoth(member: string, other: string): KmsError {
  return validation(`You can specify either ${member} or ${other}, but not both.`);
}

/** The rules are documented (API reference), name and text are inferred. */
export function oneOf(member: string, other: string): KmsError {
  return validation(`You must specify either ${member} or ${other}.`);
}

/** Recorded 2024-12-25 for KEY_AGREEMENT and RSA_2048. */
export function incompatibleUsage(keyUsage: string, keySpec: string): KmsError {
  return validation(`KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`);
}

/** The rule is documented (importing-keys: not for ML-DSA), the text is inferred. */
export function importNotSupported(keySpec: string): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `Origin EXTERNAL is not supported for KeySpec ${keySpec}.`,
  );
}

/** The rule is documented (API reference, ImportKeyMaterial), name and text are inferred. */
export function symmetricKeysOnly(arn: string, keySpec: string, member: string): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${member} is not supported for ${arn}, because its key spec is ${keySpec}.`,
  );
}

/** The rule is documented for GenerateDataKey and its like, name and text are inferred. */
export function keySpecNotValid(arn: string, keySpec: string, operation: string): KmsError {
  return new KmsError(
    'InvalidKeyUsageException',
    `${arn} key spec is ${keySpec} which is not valid for ${operation}.`,
  );
}

/** The name is documented, for GetPublicKey on symmetric and HMAC keys; the text is inferred. */
export function noPublicKey(arn: string, keySpec: string): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${arn} key spec is ${keySpec} which is not valid for this operation.`,
  );
}

/** Recorded 2025-03-08 without a message, for RotateKeyOnDemand; for its neighbours inferred. */
export function rotationNotSupported(): KmsError {
  return new KmsError('UnsupportedOperationException');
}

/** Recorded 2025-07-15. */
export function keyMaterialOfSymmetricKeysOnly(): KmsError {
  return validation('Input parameter includeKeyMaterial can only be used with symmetric keys.');
}

/** Recorded 2023-04-13. */
export function plaintextTooLarge(algorithm: string, keySpec: string, max: number): KmsError {
  return validation(
    `Algorithm ${algorithm} and key spec ${keySpec} cannot encrypt data larger than ${max} bytes.`,
  );
}

/** The rule is documented (API reference, Encrypt), that it is enforced and the text are inferred. */
export function encryptionContextNotAllowed(): KmsError {
  return validation('EncryptionContext can only be used with symmetric encryption keys.');
}

/** Recorded 2023-04-13. */
export function invalidDigestLength(algorithm: string): KmsError {
  return validation(`Digest is invalid length for algorithm ${algorithm}.`);
}

/** The rule is documented (API reference, Sign), the text is inferred. */
export function invalidMessageType(messageType: string, algorithm: string): KmsError {
  return validation(`MessageType ${messageType} is not valid for algorithm ${algorithm}.`);
}

/** Recorded 2023-04-13, without a message. */
export function invalidSignature(): KmsError {
  return new KmsError('KMSInvalidSignatureException');
}

/** Recorded 2023-04-13, without a message. */
export function invalidMac(): KmsError {
  return new KmsError('KMSInvalidMacException');
}

/** Recorded 2024-12-25, without a message, for bytes that are no key; for other curves inferred. */
export function invalidPublicKey(): KmsError {
  return new KmsError('ValidationException');
}

/** Recorded 2023-04-13. */
export function numberOfBytesMissing(): KmsError {
  return validation('NumberOfBytes is required.');
}
