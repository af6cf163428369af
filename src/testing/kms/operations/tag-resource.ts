import { KEY_ID, TAGS } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';
import { withTags } from '../tags';

/** TagResource. */
export const tagResource = operation({
  types: { KeyId: KEY_ID, Tags: { ...TAGS, required: true } },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'TagResource');
    key.tags = withTags(key.tags, input.Tags);
    return {};
  },
});
