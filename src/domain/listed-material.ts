import { assert } from '../errors';
import type { Fingerprint } from './fingerprint';

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
