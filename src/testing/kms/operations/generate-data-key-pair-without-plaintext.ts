import { DATA_KEY_PAIR_MEMBERS, makeDataKeyPair } from '../data-key-pair';
import { operation } from '../operation';

/** GenerateDataKeyPairWithoutPlaintext. */
export const generateDataKeyPairWithoutPlaintext = operation({
  types: DATA_KEY_PAIR_MEMBERS,
  async run(context, input) {
    const name = 'GenerateDataKeyPairWithoutPlaintext';
    return (await makeDataKeyPair(context, input, name)).members;
  },
});
