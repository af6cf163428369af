import { KEY_ID, TAGS } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';
import { withTags } from '../keys/tags';

/** TagResource. */
export const tagResource = operation({
  types: { KeyId: KEY_ID, Tags: { ...TAGS, required: true } },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'TagResource');
    key.tags = withTags(key.tags, input.Tags);
    return {};
  },
});
