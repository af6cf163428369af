import { parseKeyReference } from '../domain/identifiers';
import { assertAllowedAccount, createClient } from './client';
import type { KmsConnection } from './connection';
import {
  deleteKeyMaterial,
  disableKey,
  getImportParameters,
  importKeyMaterial,
} from './imported-material';
import { getKeyUsage } from './key-usage';
import { MaterialListing, observeKey } from './observe';
import { Pacing } from './pacing';
import { isRotating, rotateKeyOnDemand } from './rotation';

export type { KmsConnection } from './connection';
export type { ImportAnswer, ImportParameters, ImportRequest } from './imported-material';
export { Pacing } from './pacing';
export { connectSecrets } from './secrets';

type WithoutClient<F> = F extends (clientOrConnection: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

// A KmsClient is responsible for the calls that the life of imported material needs, over one connection.
// Each call throws nothing but ByokError.
export interface KmsClient {
  readonly observeKey: WithoutClient<typeof observeKey>;
  readonly getImportParameters: WithoutClient<typeof getImportParameters>;
  readonly importKeyMaterial: WithoutClient<typeof importKeyMaterial>;
  readonly deleteKeyMaterial: WithoutClient<typeof deleteKeyMaterial>;
  readonly getKeyUsage: WithoutClient<typeof getKeyUsage>;
  readonly disableKey: WithoutClient<typeof disableKey>;
  readonly isRotating: WithoutClient<typeof isRotating>;
  readonly rotateKeyOnDemand: WithoutClient<typeof rotateKeyOnDemand>;
}

const ownPacing = new Pacing();

/**
 * Opens a connection. Calls nothing yet.
 *
 * @param pacing - shared by all connections whose calls count together; default: one for the process
 * @param now - the clock of this machine
 */
export function connect(
  connection: KmsConnection,
  pacing: Pacing = ownPacing,
  now = () => new Date(),
): KmsClient {
  const client = createClient(connection, pacing);
  const listing = new MaterialListing(now);
  return {
    observeKey: async (keyId, abortSignal) => {
      const key = await observeKey(client, keyId, abortSignal, now);
      // A key that was named by its ID shows its account only now.
      assertAllowedAccount(parseKeyReference(key.keyArn).arn?.accountId, connection);
      listing.check(key);
      return key;
    },
    getImportParameters: (...rest) => getImportParameters(client, ...rest),
    importKeyMaterial: (...rest) => importKeyMaterial(client, ...rest),
    deleteKeyMaterial: (...rest) => deleteKeyMaterial(client, ...rest),
    getKeyUsage: (...rest) => getKeyUsage(client, ...rest),
    disableKey: (...rest) => disableKey(client, ...rest),
    isRotating: (...rest) => isRotating(client, ...rest),
    rotateKeyOnDemand: (...rest) => rotateKeyOnDemand(connection, ...rest),
  };
}
