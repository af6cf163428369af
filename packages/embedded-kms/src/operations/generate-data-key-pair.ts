import { DATA_KEY_PAIR_MEMBERS, makeDataKeyPair } from './shared/data-key-pair';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';

/** GenerateDataKeyPair. */
export const generateDataKeyPair = operation({
  types: { ...DATA_KEY_PAIR_MEMBERS, Recipient: { type: 'structure', members: {} } },
  async run(context, input) {
    refuseRecipient(input.Recipient);
    const { plaintext, members } = await makeDataKeyPair(context, input, 'GenerateDataKeyPair');
    return { ...members, PrivateKeyPlaintext: plaintext };
  },
});
