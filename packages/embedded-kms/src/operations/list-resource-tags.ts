import { KEY_ID, limitUpTo, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/** ListResourceTags. */
export const listResourceTags = operation({
  types: { KeyId: KEY_ID, Limit: limitUpTo(50), Marker: MARKER },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'ListResourceTags');
    const tags = context.store.lists.of(key, 'tags', key.tags, (tag) => tag.key);
    const { items, members } = page(tags, input, DEFAULT_LIMIT);
    return { Tags: items.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })), ...members };
  },
});
