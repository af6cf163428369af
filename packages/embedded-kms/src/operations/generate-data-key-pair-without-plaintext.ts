import { DATA_KEY_PAIR_MEMBERS, makeDataKeyPair } from './shared/data-key-pair';
import { operation } from './shared/operation';

/** GenerateDataKeyPairWithoutPlaintext. */
export const generateDataKeyPairWithoutPlaintext = operation({
  types: DATA_KEY_PAIR_MEMBERS,
  async run(context, input) {
    const name = 'GenerateDataKeyPairWithoutPlaintext';
    return (await makeDataKeyPair(context, input, name)).members;
  },
});
