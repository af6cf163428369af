import { DATA_KEY_PAIR_MEMBERS, makeDataKeyPair } from '../data-key-pair';
import { operation } from '../operation';
import { refuseRecipient } from '../recipient';

/** GenerateDataKeyPair. */
export const generateDataKeyPair = operation({
  types: { ...DATA_KEY_PAIR_MEMBERS, Recipient: { type: 'structure', members: {} } },
  async run(context, input) {
    refuseRecipient(input.Recipient);
    const { plaintext, members } = await makeDataKeyPair(context, input, 'GenerateDataKeyPair');
    return { ...members, PrivateKeyPlaintext: plaintext };
  },
});
