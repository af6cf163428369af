import { ALIAS_NAME, assertAliasName, assertAliasTarget, moveAlias } from '../keys/aliases';
import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** UpdateAlias: points an alias to another key. */
export const updateAlias = operation({
  types: { AliasName: ALIAS_NAME, TargetKeyId: KEY_ID },
  run(context, input) {
    assertAliasName(input.AliasName);
    assertAliasTarget(input.TargetKeyId);
    const key = findKey(context, input.TargetKeyId, 'UpdateAlias');
    moveAlias(context, input.AliasName, key, context.now);
    return {};
  },
});
