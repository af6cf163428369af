import type { KeyRecord, MaterialRecord } from '../state/store';

/** Whether a material is staged and not permanently associated with its key yet. */
export function isPending({ state }: Pick<MaterialRecord, 'state'>): boolean {
  return state === 'PENDING_ROTATION' || state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}

/** The staged material of a key; there is at most one (recorded: a second import is refused). */
export function pendingOf(key: KeyRecord): MaterialRecord | undefined {
  return key.materials.find(isPending);
}
