import { DATA_KEY_MEMBERS, makeDataKey } from './shared/data-key';
import { operation } from './shared/operation';

/** GenerateDataKeyWithoutPlaintext. */
export const generateDataKeyWithoutPlaintext = operation({
  types: DATA_KEY_MEMBERS,
  run: (context, input) => makeDataKey(context, input, 'GenerateDataKeyWithoutPlaintext').members,
});
