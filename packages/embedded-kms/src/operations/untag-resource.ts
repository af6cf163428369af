import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** UntagResource. Tag keys that the resource does not have are ignored. */
export const untagResource = operation({
  types: {
    KeyId: KEY_ID,
    TagKeys: { type: 'list', member: { type: 'string', min: 1, max: 128 }, required: true },
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'UntagResource');
    key.tags = key.tags.filter((tag) => !input.TagKeys.includes(tag.key));
    return {};
  },
});
