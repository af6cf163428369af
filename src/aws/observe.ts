import {
  DescribeKeyCommand,
  paginateListKeyRotations,
  type KeyMetadata,
  type KMSClient,
  type RotationsListEntry,
} from '@aws-sdk/client-kms';
import { toWholeSeconds } from '../domain/expiry';
import { HEX_64, isArnOf, parseKeyReference, sameKey } from '../domain/identifiers';
import type { ObservedKey, ObservedMaterial } from '../domain/observation';
import { descriptionText, serviceName } from '../domain/service-text';
import { assert, ByokError } from '../errors';
import { NOT_KMS } from './unsupported';

/**
 * Reads a key and, for a symmetric key of origin EXTERNAL, all the materials that KMS lists.
 *
 * @param now - the clock of this machine, to compare with that of KMS
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function observeKey(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
  now = () => new Date(),
): Promise<ObservedKey> {
  const command = new DescribeKeyCommand({ KeyId: keyId });
  const clockDifference = measureClock(command, now);
  const { KeyMetadata: metadata } = await client.send(command, { abortSignal });
  const keyArn = metadata?.Arn ?? '';
  assertAskedFor(keyId, keyArn);
  const multiRegion = metadata?.MultiRegionConfiguration;
  const primaryArn = multiRegion?.PrimaryKey?.Arn;
  const replicaArns = multiRegion?.ReplicaKeys?.map(({ Arn: arn }) => arn ?? '');
  assertSameId(keyArn, [...(primaryArn === undefined ? [] : [primaryArn]), ...(replicaArns ?? [])]);
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
    primaryArn,
    replicaArns,
    clockDifference: clockDifference(),
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

// A multi-Region key has the same ID in all its Regions (AWS KMS Developer Guide, multi-region-keys-overview).
function assertSameId(keyArn: string, related: readonly string[]): void {
  const { id } = parseKeyReference(keyArn);
  assert(
    related.every((arn) => isArnOf(id, arn)),
    'KEY_MISMATCH',
    'the endpoint answered DescribeKey with a primary key or a replica that is another key than the requested one: check the endpoint',
  );
}

// A name goes from the service to state, to messages and to a terminal.
function nameOr(text: string | undefined): string {
  return serviceName(text) ?? '';
}

/** Returns a KeyMaterialId of 64 hex digits (AWS KMS API Reference, ImportKeyMaterial); undefined for other text. */
export function materialIdText(text: string | undefined): string | undefined {
  return text !== undefined && HEX_64.test(text) ? text : undefined;
}

// A key has ExpirationModel exactly if it has material (AWS KMS API Reference, KeyMetadata).
function describedMaterial(metadata: KeyMetadata | undefined): ObservedMaterial[] {
  if (metadata?.ExpirationModel === undefined) return [];
  const { ExpirationModel: expirationModel, ValidTo: validTo } = metadata;
  return [
    {
      importState: metadata.KeyState === 'PendingImport' ? 'PENDING_IMPORT' : 'IMPORTED',
      expirationModel: serviceName(expirationModel),
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
    description: descriptionText(entry.KeyMaterialDescription),
    expirationModel: serviceName(entry.ExpirationModel),
    validTo: entry.ValidTo === undefined ? undefined : toWholeSeconds(entry.ValidTo),
    rotatedAt: entry.RotationDate === undefined ? undefined : toWholeSeconds(entry.RotationDate),
  };
}

// The Date header has whole seconds, and an answer takes time.
const IMPRECISION_MILLISECONDS = 2_000;

interface Answer {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/**
 * Measures at each answer to a command how far the clock of KMS is ahead of the clock of this machine. Reads the
 * Date header (RFC 9110, 6.6.1), unless a cache has answered, which adds Age.
 *
 * @returns the difference at the last answer, in milliseconds, negative if KMS is behind; undefined if it is less
 * than the precision of the header, or if there was no date
 */
function measureClock(command: DescribeKeyCommand, now: () => Date): () => number | undefined {
  let difference: number | undefined;
  command.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const { date, age } = (result.response as Answer).headers ?? {};
      const measured = Date.parse(date ?? '') - now().getTime();
      const isMeasured = age === undefined && Math.abs(measured) >= IMPRECISION_MILLISECONDS;
      difference = isMeasured ? measured : undefined;
      return result;
    },
    { step: 'deserialize', name: 'measureClock', priority: 'low' },
  );
  return () => difference;
}

// KMS is eventually consistent, so a key may list its material a moment after it has it.
const LAG_MILLISECONDS = 30_000;

/**
 * Notices an endpoint that shows usable keys without any material, which AWS KMS never does for longer than a
 * moment (AWS KMS API Reference, ListKeyRotations and KeyMetadata). An import there would wait in vain for its
 * material until the time limit.
 */
export class MaterialListing {
  readonly #now: () => Date;
  /** By key ARN: when a usable key was first seen without material. */
  readonly #unlisted = new Map<string, number>();

  /** @param now - the clock of this machine */
  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws {@link ByokError} `KMS_UNSUPPORTED` if a usable key has shown no material for half a minute */
  check({ keyArn, keyState, origin, listsMaterials, materials }: ObservedKey): void {
    const isUsable = keyState === 'Enabled' || keyState === 'Disabled';
    if (origin !== 'EXTERNAL' || !isUsable || materials.length > 0) {
      this.#unlisted.delete(keyArn);
      return;
    }
    const now = this.#now().getTime();
    const since = this.#unlisted.get(keyArn) ?? now;
    this.#unlisted.set(keyArn, since);
    if (now - since < LAG_MILLISECONDS) return;
    throw new ByokError(
      'KMS_UNSUPPORTED',
      `the endpoint shows ${keyArn} as ${keyState}, but ${
        listsMaterials ? 'ListKeyRotations lists none' : 'DescribeKey shows nothing'
      } of its material; ${NOT_KMS}`,
    );
  }
}
