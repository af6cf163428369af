import { DATA_KEY_MEMBERS, makeDataKey } from './shared/data-key';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';

/** GenerateDataKey. */
export const generateDataKey = operation({
  types: { ...DATA_KEY_MEMBERS, Recipient: { type: 'structure', members: {} } },
  run(context, input) {
    refuseRecipient(input.Recipient);
    const { plaintext, members } = makeDataKey(context, input, 'GenerateDataKey');
    return { ...members, Plaintext: plaintext };
  },
});
