import { anotherMaterialPending, incorrectKeyMaterial, notPrimary } from '../errors/kms-error';
import { pendingOf } from './pending-material';
import type { KeyRecord, MaterialRecord } from '../state/records';
import { isReplica } from './synchronise';

/** Unwrapped material that is to be imported. */
export interface Incoming {
  readonly id: string;
  readonly bytes: Buffer;
  /** Present for key pairs. */
  readonly publicKey?: Buffer | undefined;
  /** Epoch milliseconds; undefined when it does not expire. */
  readonly validTo: number | undefined;
  readonly description: string | undefined;
}

/**
 * Imports NEW_KEY_MATERIAL. The first material of a key becomes current at once; a later one waits for a
 * rotation, and only one can wait (recorded). It is accepted even while an older material is missing
 * (inferred: the key-state table allows it). New material of a multi-Region key must first be imported
 * into the primary (API reference); the words in which a replica refuses it are inferred.
 *
 * @throws {@link KmsError} IncorrectKeyMaterialException when the key already has this material
 * (documented; inferred for the pending material), KMSInvalidStateException when another is pending.
 */
export function importNew(key: KeyRecord, incoming: Incoming): void {
  if (isReplica(key)) throw notPrimary(key.arn);
  if (key.materials.some(({ id }) => id === incoming.id)) throw incorrectKeyMaterial();
  const pending = pendingOf(key);
  if (pending !== undefined) throw anotherMaterialPending(key.arn, incoming.id, pending.id);
  const first = key.currentMaterialId === undefined;
  const material: MaterialRecord = {
    id: incoming.id,
    state: first ? 'CURRENT' : 'PENDING_ROTATION',
    ...(incoming.publicKey && { publicKey: incoming.publicKey.toString('base64') }),
  };
  receive(material, incoming);
  key.materials.push(material);
  if (first) key.currentMaterialId = incoming.id;
}

/**
 * Imports EXISTING_KEY_MATERIAL again, which also sets a new expiry. Material that is pending rotation
 * counts as existing (documented for replicas, inferred for others). The description of a multi-Region
 * key's material is set on the primary (API reference), so a replica refuses it: inferred.
 *
 * @throws {@link KmsError} IncorrectKeyMaterialException when the key does not know this material.
 */
export function importExisting(key: KeyRecord, incoming: Incoming): void {
  const material = key.materials.find(({ id }) => id === incoming.id);
  if (material === undefined) throw incorrectKeyMaterial();
  if (isReplica(key) && incoming.description !== undefined) throw notPrimary(key.arn);
  receive(material, incoming);
}

function receive(material: MaterialRecord, { bytes, validTo, description }: Incoming): void {
  material.bytes = bytes.toString('base64');
  material.validTo = validTo;
  // Documented: an import without a description keeps the previous one.
  material.description = description ?? material.description;
}
