import { ALIAS_NAME, assertAliasName, moveAlias } from '../keys/aliases';
import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** UpdateAlias: the alias points to another key from now on. */
export const updateAlias = operation({
  types: { AliasName: ALIAS_NAME, TargetKeyId: KEY_ID },
  run(context, input) {
    assertAliasName(input.AliasName);
    const key = findKey(context, input.TargetKeyId, 'UpdateAlias');
    moveAlias(context, input.AliasName, key, context.now);
    return {};
  },
});
