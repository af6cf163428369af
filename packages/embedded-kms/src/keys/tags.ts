import { duplicateTagKeys, reservedTagKey, tooManyTags } from '../errors/kms-error';
import type { TagRecord } from '../state/records';

const MAX_TAGS = 50; // Developer Guide, resource-limits

/** A tag as requests carry it. */
export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/**
 * The tags of a key after a request to set some: known keys get their new value in place.
 *
 * @throws {@link KmsError} TagException when a key occurs twice in the request, is reserved, or
 * more than 50 would remain.
 */
export function withTags(present: readonly TagRecord[], requested: readonly Tag[]): TagRecord[] {
  const keys = new Set(requested.map(({ TagKey }) => TagKey));
  if (keys.size < requested.length) throw duplicateTagKeys();
  // Recorded for both cases of the prefix.
  if ([...keys].some((key) => key.toLowerCase().startsWith('aws:'))) throw reservedTagKey();
  const merged = new Map(present.map(({ key, value }) => [key, value]));
  for (const { TagKey, TagValue } of requested) merged.set(TagKey, TagValue);
  if (merged.size > MAX_TAGS) throw tooManyTags();
  return Array.from(merged, ([key, value]) => ({ key, value }));
}
