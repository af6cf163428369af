import { KEY_ID, LIMIT, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/** ListResourceTags. */
export const listResourceTags = operation({
  types: { KeyId: KEY_ID, Limit: LIMIT, Marker: MARKER },
  run(context, input) {
    const { tags } = findKey(context, input.KeyId, 'ListResourceTags');
    const { items, members } = page(tags, input, DEFAULT_LIMIT, ({ key }) => key);
    return { Tags: items.map(({ key, value }) => ({ TagKey: key, TagValue: value })), ...members };
  },
});
