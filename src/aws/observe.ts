import {
  DescribeKeyCommand,
  paginateListKeyRotations,
  type KeyMetadata,
  type KMSClient,
  type RotationsListEntry,
} from '@aws-sdk/client-kms';
import { toWholeSeconds } from '../domain/expiry';
import { parseKeyReference, sameKey } from '../domain/identifiers';
import type { ObservedKey, ObservedMaterial } from '../domain/observation';
import { serviceName } from '../domain/service-text';
import { assert } from '../errors';

/**
 * Reads a key and, for a symmetric key of origin EXTERNAL, all the materials that KMS lists.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function observeKey(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<ObservedKey> {
  const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }), {
    abortSignal,
  });
  const keyArn = metadata?.Arn ?? '';
  assertAskedFor(keyId, keyArn);
  const multiRegion = metadata?.MultiRegionConfiguration;
  const listsMaterials =
    metadata?.KeySpec === 'SYMMETRIC_DEFAULT' && metadata.Origin === 'EXTERNAL';
  return {
    keyArn,
    region: parseKeyReference(keyArn).arn?.region ?? '',
    keySpec: nameOr(metadata?.KeySpec),
    keyState: nameOr(metadata?.KeyState),
    origin: nameOr(metadata?.Origin),
    keyManager: nameOr(metadata?.KeyManager),
    currentKeyMaterialId: materialIdText(metadata?.CurrentKeyMaterialId),
    listsMaterials,
    isReplica: multiRegion?.MultiRegionKeyType === 'REPLICA',
    primaryArn: multiRegion?.PrimaryKey?.Arn,
    replicaArns: multiRegion?.ReplicaKeys?.flatMap(({ Arn: arn }) => arn ?? []),
    materials: listsMaterials
      ? await listMaterials(client, keyArn, abortSignal)
      : describedMaterial(metadata),
  };
}

// All later calls name the key by this ARN, including the import of its material.
function assertAskedFor(keyId: string, keyArn: string): void {
  const isAskedFor =
    keyArn.startsWith('arn:') && sameKey(parseKeyReference(keyId), parseKeyReference(keyArn));
  assert(
    isAskedFor,
    'KEY_MISMATCH',
    'the endpoint answered DescribeKey with another key than the requested one: check the endpoint',
  );
}

// A name goes from the service to state, to messages and to a terminal.
function nameOr(text: string | undefined): string {
  return serviceName(text) ?? '';
}

/** Returns a KeyMaterialId of 64 hex digits (AWS KMS API Reference, ImportKeyMaterial); undefined for other text. */
export function materialIdText(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text) ? text : undefined;
}

// A key has ExpirationModel exactly if it has material (AWS KMS API Reference, KeyMetadata).
function describedMaterial(metadata: KeyMetadata | undefined): ObservedMaterial[] {
  if (metadata?.ExpirationModel === undefined) return [];
  const { ExpirationModel: expirationModel, ValidTo: validTo } = metadata;
  return [
    {
      importState: metadata.KeyState === 'PendingImport' ? 'PENDING_IMPORT' : 'IMPORTED',
      expirationModel,
      validTo: validTo === undefined ? undefined : toWholeSeconds(validTo),
    },
  ];
}

async function listMaterials(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<ObservedMaterial[]> {
  // The default, ROTATIONS_ONLY, hides the first material and the pending one.
  const pages = paginateListKeyRotations(
    { client },
    { KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' },
    { abortSignal },
  );
  const materials: ObservedMaterial[] = [];
  for await (const page of pages) materials.push(...(page.Rotations ?? []).map(observed));
  return materials;
}

function observed(entry: RotationsListEntry): ObservedMaterial {
  return {
    keyMaterialId: materialIdText(entry.KeyMaterialId) ?? '',
    keyMaterialState: nameOr(entry.KeyMaterialState),
    importState: nameOr(entry.ImportState),
    description: entry.KeyMaterialDescription,
    expirationModel: serviceName(entry.ExpirationModel),
    validTo: entry.ValidTo === undefined ? undefined : toWholeSeconds(entry.ValidTo),
    rotatedAt: entry.RotationDate === undefined ? undefined : toWholeSeconds(entry.RotationDate),
  };
}
