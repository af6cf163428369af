import { addAlias, ALIAS_NAME, assertAliasName } from '../aliases';
import { KEY_ID } from '../common-shapes';
import { findKey } from '../find-key';
import { operation } from '../operation';

/** CreateAlias. The target is named by id or ARN, not by another alias (API reference). */
export const createAlias = operation({
  types: { AliasName: ALIAS_NAME, TargetKeyId: KEY_ID },
  run(context, input) {
    assertAliasName(input.AliasName);
    const key = findKey(context, input.TargetKeyId, 'CreateAlias');
    const { now } = context;
    addAlias(context, key, { name: input.AliasName, createdAt: now, updatedAt: now });
    return {};
  },
});
