import { DATA_KEY_MEMBERS, makeDataKey } from '../data-key';
import { operation } from '../operation';

/** GenerateDataKeyWithoutPlaintext. */
export const generateDataKeyWithoutPlaintext = operation({
  types: DATA_KEY_MEMBERS,
  run: (context, input) => makeDataKey(context, input, 'GenerateDataKeyWithoutPlaintext').members,
});
