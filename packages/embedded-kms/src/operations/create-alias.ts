import { addAlias, ALIAS_NAME, assertAliasName, assertAliasTarget } from '../keys/aliases';
import { KEY_ID } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { operation } from './shared/operation';

/** CreateAlias. The target is a key id or ARN, not another alias (API reference). */
export const createAlias = operation({
  types: { AliasName: ALIAS_NAME, TargetKeyId: KEY_ID },
  run(context, input) {
    assertAliasName(input.AliasName);
    assertAliasTarget(input.TargetKeyId);
    const key = findKey(context, input.TargetKeyId, 'CreateAlias');
    const { now } = context;
    addAlias(context, key, { name: input.AliasName, createdAt: now, updatedAt: now });
    return {};
  },
});
