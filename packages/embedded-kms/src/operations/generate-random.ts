import { customKeyStoreNotFound } from '../errors/custom-key-store-errors';
import { CUSTOM_KEY_STORE_ID } from './shared/custom-key-store';
import { operation } from './shared/operation';
import { refuseRecipient } from './shared/recipient';
import { numberOfBytesMissing } from '../errors/usage-errors';

/** GenerateRandom. The model makes NumberOfBytes optional, the service requires it (recorded). */
export const generateRandom = operation({
  types: {
    NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
    CustomKeyStoreId: CUSTOM_KEY_STORE_ID,
    Recipient: { type: 'structure', members: {} },
  },
  run({ store }, input) {
    refuseRecipient(input.Recipient);
    if (input.CustomKeyStoreId !== undefined) throw customKeyStoreNotFound(input.CustomKeyStoreId);
    if (input.NumberOfBytes === undefined) throw numberOfBytesMissing();
    return { Plaintext: store.random(input.NumberOfBytes) };
  },
});
