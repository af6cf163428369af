import { paginateListAliases, paginateListKeys, type KMSClient } from '@aws-sdk/client-kms';
import type { UsageRecord } from '../domain/key-usage';
import type { ObservedKey } from '../domain/observation';
import { aliasText } from '../domain/service-text';
import { createClient, type KmsIdentity } from './client';
import type { KmsConnection } from './connection';
import { getKeyPolicy } from './key-policy';
import { getKeyUsage } from './key-usage';
import { observeKey } from './observe';
import { Pacing } from './pacing';
import { translate } from './service-error';

// A KeyInventory is responsible for reading all keys of one account and Region, at the rate of its pacing.
// Each call throws nothing but ByokError.
export interface KeyInventory {
  /** The Region, from the connection or from the AWS default chain. */
  region(): Promise<string>;
  /** Pages of key IDs, in no order. */
  listKeyIds(signal: AbortSignal): AsyncIterable<readonly string[]>;
  /** Names of aliases by the ID of their key. */
  listAliases(signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>>;
  observeKey(keyId: string, signal: AbortSignal): Promise<ObservedKey>;
  /** The identity that calls, to share with the inventories of other Regions. */
  readonly identity: KmsIdentity;
  getKeyUsage(keyArn: string, signal: AbortSignal): Promise<UsageRecord>;
  /** JSON text. */
  getKeyPolicy(keyArn: string, signal: AbortSignal): Promise<string>;
  close(): void;
}

/** Opens a connection for reading. Calls nothing yet. */
export function connectKeyInventory(
  connection: KmsConnection,
  pacing = new Pacing(),
  identity?: KmsIdentity,
): KeyInventory {
  const client = createClient(connection, pacing, identity);
  return {
    region: () =>
      client.config.region().catch((error: unknown) => {
        throw translate(error, 'ListKeys');
      }),
    listKeyIds: (signal) => listKeyIds(client, signal),
    listAliases: (signal) => listAliases(client, signal),
    observeKey: (keyId, signal) => observeKey(client, keyId, signal),
    identity: client.config.credentials,
    getKeyUsage: (keyArn, signal) => getKeyUsage(client, keyArn, signal),
    getKeyPolicy: (keyArn, signal) => getKeyPolicy(client, keyArn, signal),
    close: () => {
      client.destroy();
    },
  };
}

const PAGE = 1000; // ListKeys, Limit (AWS KMS API Reference)
const ALIAS_PAGE = 100; // ListAliases, Limit

async function* listKeyIds(client: KMSClient, abortSignal: AbortSignal) {
  const pages = paginateListKeys({ client }, { Limit: PAGE }, { abortSignal });
  for await (const { Keys: keys = [] } of pages) {
    yield keys.map(({ KeyId: keyId = '' }) => keyId);
  }
}

async function listAliases(
  client: KMSClient,
  abortSignal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  const pages = paginateListAliases({ client }, { Limit: ALIAS_PAGE }, { abortSignal });
  for await (const { Aliases: aliases = [] } of pages) {
    for (const { AliasName: name = '', TargetKeyId: keyId } of aliases) {
      if (keyId !== undefined) names.set(keyId, [...(names.get(keyId) ?? []), aliasText(name)]);
    }
  }
  return names;
}
