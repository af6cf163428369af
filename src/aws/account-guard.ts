import { parseKeyReference } from '../domain/identifiers';
import { assert } from '../errors';
import type { KmsConnection } from './connection';

/**
 * Refuses a key of an account that the configuration excludes, as the aws provider does. KMS imports only
 * within an account, so the account of the key is the one that is called.
 *
 * @throws {@link ByokError} `ACCOUNT_NOT_ALLOWED`
 */
export function assertAllowedAccount(
  keyId: string,
  { allowedAccountIds, forbiddenAccountIds }: KmsConnection,
): void {
  const accountId = parseKeyReference(keyId).arn?.accountId;
  if (accountId === undefined) return;
  assert(
    allowedAccountIds?.includes(accountId) !== false &&
      forbiddenAccountIds?.includes(accountId) !== true,
    'ACCOUNT_NOT_ALLOWED',
    `the key is in the account ${accountId}, which allowedAccountIds or forbiddenAccountIds (of the connection or of aws:*) excludes: check the credentials, the profile and the stack`,
  );
}
