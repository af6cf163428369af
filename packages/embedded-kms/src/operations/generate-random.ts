import { notServed } from '../errors/kms-error';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';
import { numberOfBytesMissing } from '../errors/usage-errors';

/** GenerateRandom. The model makes NumberOfBytes optional, the service requires it (recorded). */
export const generateRandom = operation({
  types: {
    NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
    CustomKeyStoreId: { type: 'string', min: 1, max: 64 },
    Recipient: { type: 'structure', members: {} },
  },
  run({ store }, input) {
    refuseRecipient(input.Recipient);
    if (input.CustomKeyStoreId !== undefined) throw notServed('CustomKeyStoreId');
    if (input.NumberOfBytes === undefined) throw numberOfBytesMissing();
    return { Plaintext: store.random(input.NumberOfBytes) };
  },
});
