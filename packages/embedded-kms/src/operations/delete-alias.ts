import { ALIAS_NAME, assertAliasName, removeAlias } from '../keys/aliases';
import { operation } from './shared/operation';

/** DeleteAlias, whatever state its key is in. */
export const deleteAlias = operation({
  types: { AliasName: ALIAS_NAME },
  run(context, input) {
    assertAliasName(input.AliasName);
    removeAlias(context, input.AliasName);
    return {};
  },
});
