import { isSymmetric } from '../crypto/key-specs';
import { incorrectKeyMaterial, materialIdWithNewMaterial } from '../errors/kms-error';
import { symmetricKeysOnly } from '../errors/usage-errors';
import { requestedExpiry } from '../keys/expiry';
import { findKey } from '../keys/find-key';
import { importExisting, importNew, type Incoming } from '../keys/import-material';
import { keyState } from '../keys/key-state';
import { synchronise } from '../keys/synchronise';
import { unwrapMaterial } from '../keys/unwrap-material';
import type { KeyRecord } from '../state/records';
import { CIPHERTEXT, KEY_ID, MATERIAL_ID } from './shared/common-shapes';
import { operation } from './shared/operation';

const NEW = 'NEW_KEY_MATERIAL';

/** AWS rejects these for other keys (Developer Guide, importing-keys-import-key-material). */
const SYMMETRIC_ONLY = ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const;

/**
 * ImportKeyMaterial. A refused import changes nothing, and its token stays usable (recorded). Keys other
 * than symmetric encryption keys have one material, and accept only that one again.
 */
export const importKeyMaterial = operation({
  types: {
    KeyId: KEY_ID,
    ImportToken: { ...CIPHERTEXT, required: true },
    EncryptedKeyMaterial: { ...CIPHERTEXT, required: true },
    ValidTo: { type: 'timestamp' },
    ExpirationModel: {
      type: 'string',
      enum: ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'],
    },
    ImportType: { type: 'string', enum: ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] },
    // The pattern requires a character although the length allows none, so "" is refused: inferred.
    KeyMaterialDescription: { type: 'string', min: 0, max: 256, pattern: '^[a-zA-Z0-9:/_\\s.-]+$' },
    KeyMaterialId: MATERIAL_ID,
  },
  async run(context, input) {
    const found = findKey(context, input.KeyId, 'ImportKeyMaterial');
    for (const member of SYMMETRIC_ONLY) {
      if (input[member] !== undefined && !isSymmetric(found)) {
        throw symmetricKeysOnly(found.arn, found.keySpec, member);
      }
    }
    const validTo = requestedExpiry(context.now, input.ExpirationModel, input.ValidTo);
    if (importTypeFor(found, input.ImportType) === NEW && input.KeyMaterialId !== undefined) {
      throw materialIdWithNewMaterial();
    }
    const material = await unwrapMaterial(
      context,
      found,
      input.ImportToken,
      input.EncryptedKeyMaterial,
    );

    // Other requests may have changed the key meanwhile, so it is looked up and checked again.
    const key = findKey(context, input.KeyId, 'ImportKeyMaterial');
    if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== material.id) {
      throw incorrectKeyMaterial();
    }

    const description = input.KeyMaterialDescription;
    const incoming: Incoming = { ...material, validTo, description };
    const wasPendingImport = keyState(key) === 'PendingImport';
    if (importTypeFor(key, input.ImportType) === NEW) importNew(key, incoming);
    else importExisting(key, incoming);
    synchronise(context.store, key);
    // After PendingImport a key is Enabled (documented), even if it was Disabled before its material was
    // deleted (inferred). A Disabled key stays Disabled when its material is imported again (inferred).
    if (wasPendingImport && keyState(key) !== 'PendingImport') key.enabled = true;
    return { KeyId: key.arn, KeyMaterialId: isSymmetric(key) ? material.id : undefined };
  },
});

/** The default is documented (API reference). A key whose material was deleted does not count as new. */
function importTypeFor(key: KeyRecord, requested: string | undefined): string {
  return requested ?? (key.currentMaterialId === undefined ? NEW : 'EXISTING_KEY_MATERIAL');
}
