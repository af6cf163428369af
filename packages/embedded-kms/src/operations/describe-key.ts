import { GRANT_TOKENS, KEY_ID } from './shared/common-shapes';
import { findKeyOrAlias } from '../keys/find-key';
import { keyMetadata } from '../keys/key-metadata';
import { operation } from './shared/operation';

/** DescribeKey. */
export const describeKey = operation({
  types: { KeyId: KEY_ID, GrantTokens: GRANT_TOKENS },
  run(context, input) {
    return { KeyMetadata: keyMetadata(findKeyOrAlias(context, input.KeyId, 'DescribeKey')) };
  },
});
