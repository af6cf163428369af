import type { KeyRecord, MaterialRecord } from '../state/records';

/** Whether a material is staged, and not yet permanently associated with its key. */
export function isPending({ state }: Pick<MaterialRecord, 'state'>): boolean {
  return state === 'PENDING_ROTATION' || state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}

/** Returns the staged material of a key. There is at most one (recorded: a second import is refused). */
export function pendingOf(key: KeyRecord): MaterialRecord | undefined {
  return key.materials.find(isPending);
}
