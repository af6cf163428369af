import { assert } from '../errors';
import type { Fingerprint } from './fingerprint';
import { parseKeyReference, sameKey } from './identifiers';
import { commandsOfRescue } from './observation';

/** The place of a material in the list of its key, oldest first. */
export interface ListPlace {
  /** Names the list within the program. */
  readonly of?: string | undefined;
  /** Counted from 0. */
  readonly place?: number | undefined;
  /** Known fingerprints of the materials before it, by their places. */
  readonly earlier?: Readonly<Record<string, string>> | undefined;
  /** Whether the program declares the key as a multi-Region key; undefined if it may be either. */
  readonly multiRegion?: boolean | undefined;
  /** Whether the program must keep the key that it had at the last update. */
  readonly keepsKey?: boolean | undefined;
}

/**
 * Refuses another key in the place of the one that a program must keep, because only that one decrypts what it
 * encrypted.
 *
 * @param before - ID or ARN of the key at the last update
 * @param now - ID or ARN of the key of the program; undefined if it does not exist yet
 * @throws {@link ByokError} `KEY_LOST`
 */
export function assertKeyKept(
  { keepsKey = false }: ListPlace,
  before: string,
  now: string | undefined,
): void {
  if (!keepsKey) return;
  const previous = parseKeyReference(before);
  assert(
    now !== undefined && sameKey(previous, parseKeyReference(now)),
    'KEY_LOST',
    `the key was ${before}, and ${now === undefined ? 'this update would create another one' : `now it is ${now}`}, which cannot decrypt what the first has encrypted. If an argument has changed that replaces the key, change it back. If a refresh has removed the key from the state because its deletion is scheduled, cancel the deletion and enable the key ${commandsOfRescue(before)}, and set adoptKeyId to ${previous.id}. To begin with another key, set the option protect of the ImportedKey to false`,
  );
}

/**
 * Refuses the bytes of an earlier material of the same list: KMS would not rotate, and nobody would notice.
 *
 * @throws {@link ByokError} `MATERIAL_REPEATED`
 */
export function assertNotRepeated(fingerprint: Fingerprint, list: ListPlace): void {
  const [same] =
    Object.entries(list.earlier ?? {}).find(([, earlier]) => earlier === fingerprint) ?? [];
  assertDistinct(list.place, same === undefined ? undefined : Number(same));
}

/**
 * Refuses a place that has the bytes of another one.
 *
 * @param same - the other place; undefined if there is none
 * @throws {@link ByokError} `MATERIAL_REPEATED`
 */
export function assertDistinct(place: number | undefined, same: number | undefined): void {
  assert(
    same === undefined,
    'MATERIAL_REPEATED',
    `materials[${place ?? '?'}] is the same material as materials[${same ?? '?'}], so nothing would rotate: declare the new material there, or remove the entry`,
  );
}
