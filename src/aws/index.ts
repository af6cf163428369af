import { createClient } from './client';
import {
  deleteKeyMaterial,
  disableKey,
  getImportParameters,
  importKeyMaterial,
} from './imported-material';
import { observeKey } from './observe';
import { pace, Pacing } from './pacing';
import { isRotating, rotateKeyOnDemand } from './rotation';
import { parseKeyReference } from '../domain/identifiers';
import { assert } from '../errors';
import type { KmsConnection } from './connection';

export type { KmsConnection } from './connection';
export type { ImportAnswer, ImportParameters, ImportRequest } from './imported-material';
export { Pacing } from './pacing';
export { connectSecrets } from './secrets';

type WithoutClient<F> = F extends (clientOrConnection: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

// A Kms is responsible for the calls that the life of imported material needs, over one connection.
// Each call throws nothing but ByokError.
export interface KmsClient {
  readonly observeKey: WithoutClient<typeof observeKey>;
  readonly getImportParameters: WithoutClient<typeof getImportParameters>;
  readonly importKeyMaterial: WithoutClient<typeof importKeyMaterial>;
  readonly deleteKeyMaterial: WithoutClient<typeof deleteKeyMaterial>;
  readonly disableKey: WithoutClient<typeof disableKey>;
  readonly isRotating: WithoutClient<typeof isRotating>;
  readonly rotateKeyOnDemand: WithoutClient<typeof rotateKeyOnDemand>;
}

const ownPacing = new Pacing();

/**
 * Opens a connection; nothing is called yet.
 *
 * @param pacing - shared by all connections whose calls count together; default: one for the process
 */
export function connect(connection: KmsConnection, pacing: Pacing = ownPacing): KmsClient {
  const client = pace(createClient(connection), pacing, connection.endpoint);
  return {
    // Every way to a key begins here, and what follows names it by its ARN.
    observeKey: async (...rest) => {
      assertAllowedAccount(rest[0], connection);
      const key = await observeKey(client, ...rest);
      assertAllowedAccount(key.keyArn, connection);
      return key;
    },
    getImportParameters: async (...rest) => {
      assertAllowedAccount(rest[0], connection);
      return getImportParameters(client, ...rest);
    },
    importKeyMaterial: async (...rest) => {
      assertAllowedAccount(rest[0].keyId, connection);
      return importKeyMaterial(client, ...rest);
    },
    deleteKeyMaterial: async (...rest) => {
      assertAllowedAccount(rest[0], connection);
      return deleteKeyMaterial(client, ...rest);
    },
    disableKey: (...rest) => disableKey(client, ...rest),
    isRotating: (...rest) => isRotating(client, ...rest),
    rotateKeyOnDemand: (...rest) => rotateKeyOnDemand(connection, ...rest),
  };
}

/**
 * Refuses a key of an account that the configuration excludes, as the aws provider does. KMS imports only
 * within an account, so the account of the key is the one that is called.
 *
 * @throws {@link ByokError} `ACCOUNT_NOT_ALLOWED`
 */
function assertAllowedAccount(
  keyId: string,
  { allowedAccountIds, forbiddenAccountIds }: KmsConnection,
): void {
  const accountId = parseKeyReference(keyId).arn?.accountId;
  if (accountId === undefined) return;
  assert(
    // An empty list allows all accounts, as in the aws provider.
    (!allowedAccountIds?.length || allowedAccountIds.includes(accountId)) &&
      forbiddenAccountIds?.includes(accountId) !== true,
    'ACCOUNT_NOT_ALLOWED',
    `the key is in the account ${accountId}, which allowedAccountIds or forbiddenAccountIds (of the connection or of aws:*) excludes: check the credentials, the profile and the stack`,
  );
}
