import { KmsError, validation } from './kms-error';

/** The name is documented, the text is inferred. */
export function grantNotFound(grantId: string): KmsError {
  return new KmsError('NotFoundException', `Grant ID ${grantId} not found`);
}

/** The name is documented, the text is inferred. */
export function invalidGrantToken(): KmsError {
  return new KmsError('InvalidGrantTokenException', 'The grant token is not valid.');
}

/** The rule is documented (API reference, RetireGrant), the text is inferred. */
export function grantUnnamed(): KmsError {
  return validation('Specify either GrantToken, or KeyId and GrantId.');
}

/** The rule is documented (API reference, GrantConstraints), the text is inferred. */
export function grantConstraintNotAllowed(): KmsError {
  return validation('Encryption context constraints can only be used with symmetric keys.');
}

/** The name is documented (API reference, CreateGrant), the text is inferred. */
export function grantOperationNotAllowed(operation: string, keyUsage: string): KmsError {
  return validation(`Operation ${operation} is not valid for a key with usage ${keyUsage}.`);
}
