import {
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
  type KeyMetadata,
  type KMSClient,
  type Tag,
} from '@aws-sdk/client-kms';
import { constants, createPublicKey, publicEncrypt } from 'node:crypto';

import type { ValueMap } from '../engine/values';
import { sameJson } from './compare';
import type { Attribute, ExistingTarget, ResourceType } from './resource';

const DEFAULT_DELETION_WINDOW_DAYS = 30;

/** The attributes that ExternalKey and ReplicaExternalKey share. */
export const KEY_ATTRIBUTES = {
  bypassPolicyLockoutSafetyCheck: { fallback: false },
  deletionWindowInDays: { fallback: DEFAULT_DELETION_WINDOW_DAYS },
  description: {},
  enabled: { computed: true },
  keyMaterialBase64: { forceNew: true },
  policy: { computed: true, means: sameJson },
  region: { forceNew: true, computed: true },
  tags: {},
  // Not computed: a value that a refresh records without the program is a difference.
  validTo: {},
} as const satisfies Readonly<Record<string, Attribute>>;

/** The tags of a program in KMS's form. */
export function tagList(tags: unknown): Tag[] {
  return Object.entries((tags ?? {}) as Record<string, string>).map(([TagKey, TagValue]) => ({
    TagKey,
    TagValue,
  }));
}

/** Returns the key; undefined when it does not exist or is pending deletion. */
export async function describe(client: KMSClient, id: string): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: id }));
    const state = KeyMetadata?.KeyState ?? '';
    return ['PendingDeletion', 'PendingReplicaDeletion'].includes(state) ? undefined : KeyMetadata;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Returns the outputs that a refresh records. `keySpec` and the material are never read back. */
export async function keyOutputs(
  client: KMSClient,
  region: string,
  metadata: KeyMetadata,
  given: ValueMap,
): Promise<ValueMap> {
  const KeyId = metadata.KeyId ?? '';
  const { Policy = '' } = await client.send(new GetKeyPolicyCommand({ KeyId }));
  const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
  const tags: ValueMap = Object.fromEntries(
    Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]),
  );
  const { keyMaterialBase64, keySpec, policy } = given;
  return {
    region,
    arn: metadata.Arn ?? '',
    description: metadata.Description ?? '',
    enabled: metadata.Enabled ?? false,
    expirationModel: metadata.ExpirationModel ?? '',
    keyState: metadata.KeyState ?? '',
    keyUsage: metadata.KeyUsage ?? '',
    // The program's text stays as long as it has the same content.
    policy: typeof policy === 'string' && sameJson(policy, Policy) ? policy : Policy,
    tagsAll: tags,
    tags,
    bypassPolicyLockoutSafetyCheck: given.bypassPolicyLockoutSafetyCheck ?? false,
    deletionWindowInDays: given.deletionWindowInDays ?? DEFAULT_DELETION_WINDOW_DAYS,
    ...(metadata.ValidTo === undefined ? {} : { validTo: rfc3339(metadata.ValidTo) }),
    ...(keyMaterialBase64 === undefined ? {} : { keyMaterialBase64 }),
    ...(keySpec === undefined ? {} : { keySpec }),
  };
}

/** Imports material into a new key and disables it, if the program has material for it. */
export async function completeNewKey(
  client: KMSClient,
  id: string,
  { keyMaterialBase64, validTo, enabled }: ValueMap,
): Promise<void> {
  // Without material the real provider silently ignores validTo and enabled.
  if (typeof keyMaterialBase64 !== 'string' || keyMaterialBase64 === '') return;
  await importMaterial(client, id, keyMaterialBase64, validTo);
  if (enabled === false) await client.send(new DisableKeyCommand({ KeyId: id }));
}

/** Returns the reads, updates and deletions of a key, which do not depend on how it was created. */
export function keyLife(
  noun: string,
  read: ResourceType['read'],
): Pick<ResourceType, 'read' | 'update' | 'delete'> {
  return {
    read,
    async update(target, changed) {
      const { aws, region, id, inputs, outputs } = target;
      await updateKey(aws.kms(region), target, changed).catch((error: unknown) => {
        throw failure(`updating ${noun} (${id})`, error);
      });
      const found = await read({ ...target, outputs: { ...outputs, ...inputs } });
      if (found === undefined) throw new Error(`updating ${noun} (${id}): not found`);
      return found.outputs;
    },
    delete: ({ aws, region, id, outputs }) => deleteKey(aws.kms(region), id, outputs),
  };
}

// In the order of the real provider.
async function updateKey(
  client: KMSClient,
  { id, inputs, outputs }: ExistingTarget,
  changed: ReadonlySet<string>,
): Promise<void> {
  const KeyId = id;
  const switchable = changed.has('enabled') && outputs.keyState !== 'PendingImport';
  if (switchable && inputs.enabled === true) await client.send(new EnableKeyCommand({ KeyId }));
  if (changed.has('description')) {
    const Description = typeof inputs.description === 'string' ? inputs.description : '';
    await client.send(new UpdateKeyDescriptionCommand({ KeyId, Description }));
  }
  if (changed.has('policy')) {
    await client.send(new PutKeyPolicyCommand({ KeyId, Policy: inputs.policy as string }));
  }
  if (changed.has('validTo')) {
    await importMaterial(client, id, inputs.keyMaterialBase64 ?? '', inputs.validTo);
  }
  if (switchable && inputs.enabled === false) await client.send(new DisableKeyCommand({ KeyId }));
  if (changed.has('tags')) await updateTags(client, KeyId, outputs.tags, inputs.tags);
}

async function updateTags(
  client: KMSClient,
  KeyId: string,
  before: unknown,
  after: unknown,
): Promise<void> {
  const Tags = tagList(after);
  const kept = new Set(Tags.map(({ TagKey }) => TagKey));
  const TagKeys = tagList(before).flatMap(({ TagKey }) =>
    TagKey === undefined || kept.has(TagKey) ? [] : [TagKey],
  );
  if (TagKeys.length > 0) await client.send(new UntagResourceCommand({ KeyId, TagKeys }));
  if (Tags.length > 0) await client.send(new TagResourceCommand({ KeyId, Tags }));
}

// Schedules the deletion, which succeeds for a key that is gone or pending deletion. Material stays.
async function deleteKey(
  client: KMSClient,
  id: string,
  { deletionWindowInDays }: ValueMap,
): Promise<void> {
  try {
    await client.send(
      new ScheduleKeyDeletionCommand({
        KeyId: id,
        PendingWindowInDays: Number(deletionWindowInDays ?? DEFAULT_DELETION_WINDOW_DAYS),
      }),
    );
  } catch (error) {
    if (!isNotFound(error) && !/is pending (replica )?deletion/.test((error as Error).message)) {
      throw error;
    }
  }
}

/** Returns an error in the form of the real provider: the action that failed, and AWS's message. */
export function failure(doing: string, error: unknown): Error {
  const { name, message } = error as Error;
  return new Error(`${doing}: ${name}: ${message}`, { cause: error });
}

function isNotFound(error: unknown): boolean {
  return (error as Error).name === 'NotFoundException';
}

// The wrapping is always the same. Empty material is sent too, so that KMS refuses it.
async function importMaterial(
  client: KMSClient,
  KeyId: string,
  keyMaterialBase64: unknown,
  validTo: unknown,
): Promise<void> {
  const { PublicKey, ImportToken } = await client.send(
    new GetParametersForImportCommand({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    }),
  );
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  const EncryptedKeyMaterial = publicEncrypt(
    { key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING },
    Buffer.from(String(keyMaterialBase64), 'base64'),
  );
  const expires = typeof validTo === 'string' && validTo !== '';
  await client.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken,
      EncryptedKeyMaterial,
      ExpirationModel: expires ? 'KEY_MATERIAL_EXPIRES' : 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...(expires ? { ValidTo: new Date(validTo) } : {}),
    }),
  );
}

function rfc3339(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z');
}
