import { createClient } from './client';
import type { KmsConnection } from './connection';
import { deleteKeyMaterial } from './delete';
import { getImportParameters, importKeyMaterial } from './import';
import { observeKey } from './observe';
import { isRotating, rotateKeyOnDemand } from './rotate';

export type { KmsConnection } from './connection';
export type { ImportRequest } from './import';
export { connectSecrets } from './secrets';

type WithoutClient<F> = F extends (clientOrConnection: never, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

// A Kms is responsible for the calls that the life of imported material needs, over one connection.
// Each call throws nothing but ByokError.
export interface Kms {
  readonly observeKey: WithoutClient<typeof observeKey>;
  readonly getImportParameters: WithoutClient<typeof getImportParameters>;
  readonly importKeyMaterial: WithoutClient<typeof importKeyMaterial>;
  readonly deleteKeyMaterial: WithoutClient<typeof deleteKeyMaterial>;
  readonly isRotating: WithoutClient<typeof isRotating>;
  readonly rotateKeyOnDemand: WithoutClient<typeof rotateKeyOnDemand>;
}

/** Opens a connection; nothing is called yet. */
export function connect(connection: KmsConnection): Kms {
  const client = createClient(connection);
  return {
    observeKey: (...rest) => observeKey(client, ...rest),
    getImportParameters: (...rest) => getImportParameters(client, ...rest),
    importKeyMaterial: (...rest) => importKeyMaterial(client, ...rest),
    deleteKeyMaterial: (...rest) => deleteKeyMaterial(client, ...rest),
    isRotating: (...rest) => isRotating(client, ...rest),
    rotateKeyOnDemand: (...rest) => rotateKeyOnDemand(connection, ...rest),
  };
}
