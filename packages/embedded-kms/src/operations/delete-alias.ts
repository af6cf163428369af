import { ALIAS_NAME, assertAliasName, removeAlias } from '../keys/aliases';
import { operation } from './shared/operation';

/** DeleteAlias, which any state of the key allows. */
export const deleteAlias = operation({
  types: { AliasName: ALIAS_NAME },
  run(context, input) {
    assertAliasName(input.AliasName);
    removeAlias(context, input.AliasName);
    return {};
  },
});
