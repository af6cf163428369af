import { KmsError, validation } from './kms-error';

/** Third party. */
export function aliasNotFound(aliasArn: string): KmsError {
  return new KmsError('NotFoundException', `Alias ${aliasArn} is not found.`);
}

/** Recorded 2023-04-13. */
export function aliasPrefixMissing(): KmsError {
  return validation(
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );
}

/** The rule is documented (API reference, CreateAlias), name and text are third party. */
export function aliasCharacters(aliasName: string): KmsError {
  return validation(`${aliasName} contains invalid characters for an alias`);
}

/** The rule is documented (API reference, CreateAlias), name and text are third party; for UpdateAlias inferred. */
export function aliasOfAnAlias(): KmsError {
  return validation('Aliases must refer to keys. Not aliases');
}

/** Third party: `alias/aws/` is reserved for AWS (documented). */
export function reservedAlias(): KmsError {
  return new KmsError('NotAuthorizedException');
}

/** The name is documented, the text is third party. */
export function aliasExists(aliasArn: string): KmsError {
  return new KmsError(
    'AlreadyExistsException',
    `An alias with the name ${aliasArn} already exists`,
  );
}

/** The limit of 50 for a key is documented (resource-limits), the text is inferred. */
export function tooManyAliases(arn: string): KmsError {
  return new KmsError('LimitExceededException', `The alias limit has been reached for key ${arn}`);
}

/** The rule is documented (API reference, UpdateAlias), name and text are inferred. */
export function aliasOfAnotherKind(aliasArn: string): KmsError {
  return validation(`Alias ${aliasArn} cannot move to a key of another type or key usage.`);
}
