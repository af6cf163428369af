import { sealCiphertext } from '../ciphertext';
import { GRANT_TOKENS, KEY_ID } from '../common-shapes';
import { currentMaterial } from '../current-material';
import { dataKeyLengthMissing, dryRun } from '../errors';
import { findKeyOrAlias } from '../find-key';
import { operation } from '../operation';
import { refuseRecipient } from '../recipient';

const DATA_KEY_BYTES = { AES_256: 32, AES_128: 16 } as const;

/** GenerateDataKey: fresh random bytes, in the clear and encrypted under the key. */
export const generateDataKey = operation({
  types: {
    KeyId: KEY_ID,
    EncryptionContext: { type: 'map' },
    NumberOfBytes: { type: 'integer', min: 1, max: 1024 },
    KeySpec: { type: 'string', enum: ['AES_256', 'AES_128'] },
    GrantTokens: GRANT_TOKENS,
    Recipient: { type: 'structure', members: {} },
    DryRun: { type: 'boolean' },
  },
  run(context, input) {
    refuseRecipient(input.Recipient);
    const key = findKeyOrAlias(context, input.KeyId, 'GenerateDataKey');
    const length =
      input.KeySpec === undefined ? input.NumberOfBytes : DATA_KEY_BYTES[input.KeySpec];
    const both = input.KeySpec !== undefined && input.NumberOfBytes !== undefined;
    if (length === undefined || both) throw dataKeyLengthMissing();
    if (input.DryRun === true) throw dryRun();
    const { id: materialId, bytes: material } = currentMaterial(key);
    const plaintext = context.store.random(length);
    return {
      CiphertextBlob: sealCiphertext(
        context.store.random,
        { keyId: key.id, materialId, material },
        plaintext,
        input.EncryptionContext ?? {},
      ),
      Plaintext: plaintext,
      KeyId: key.arn,
      KeyMaterialId: materialId,
    };
  },
});
