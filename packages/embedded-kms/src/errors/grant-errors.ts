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

/** The limits are documented (API reference, GrantConstraints), name and text are inferred. */
export function grantConstraintTooLarge(): KmsError {
  return validation(
    'An encryption context constraint can have up to 8 pairs, with values of up to 384 characters.',
  );
}

/** The name is documented (API reference, CreateGrant), the text is third party, for a user that does not exist; for principals of another partition inferred. */
export function invalidPrincipal(principal: string): KmsError {
  return new KmsError(
    'InvalidArnException',
    `ARN does not refer to a valid principal: ${principal}`,
  );
}

/** The names of services are documented (IAM User Guide), the answer is inferred. */
export function invalidServicePrincipal(): KmsError {
  return validation('The principal is not the name of an AWS service, such as rds.amazonaws.com.');
}

/** The rule is documented (API reference, CreateGrant), name and text are inferred. */
export function neededForService(member: string): KmsError {
  return validation(`A grant with a GranteeServicePrincipal must have ${member}.`);
}

/** The name is documented (API reference, CreateGrant), the text is inferred. */
export function grantOperationNotAllowed(operation: string, keyUsage: string): KmsError {
  return validation(`Operation ${operation} is not valid for a key with usage ${keyUsage}.`);
}
