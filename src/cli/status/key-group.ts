import type { KeyStatus } from './key-status';

/** A key: one of a single Region, or a multi-Region primary key and its replicas. */
export type KeyGroup = readonly [KeyStatus, ...KeyStatus[]];

/** Groups keys. Primary keys and their replicas have the same key ID. The most urgent come first. */
export function groupsOf(keys: readonly KeyStatus[]): KeyGroup[] {
  const groups = new Map<string, [KeyStatus, ...KeyStatus[]]>();
  for (const key of keys) {
    const group = groups.get(key.keyId);
    if (group === undefined) groups.set(key.keyId, [key]);
    else group.push(key);
  }
  return [...groups.values()];
}
