import { CIPHERTEXT, KEY_ID, MATERIAL_ID } from '../common-shapes';
import {
  incorrectKeyMaterial,
  invalidImportToken,
  materialIdWithNewMaterial,
  validToInPast,
  validToMissing,
  validToNotAllowed,
  validToTooFar,
} from '../errors';
import { findKey } from '../find-key';
import { importExisting, importNew, type Incoming } from '../import-material';
import { keyState } from '../key-state';
import { materialId } from '../material-id';
import { operation, type Context } from '../operation';
import type { KeyRecord } from '../store';
import { unwrap } from '../unwrap';

const MATERIAL_BYTES = 32; // Developer Guide, importing-keys-conceptual: AES-256
const MAX_VALIDITY_MILLISECONDS = 365 * 24 * 60 * 60 * 1000; // Developer Guide, import-key-material

/** ImportKeyMaterial. A refused import changes nothing and leaves the token usable (recorded). */
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
    // The pattern needs one character though the length needs none, so "" is refused: inferred.
    KeyMaterialDescription: { type: 'string', min: 0, max: 256, pattern: '^[a-zA-Z0-9:/_\\s.-]+$' },
    KeyMaterialId: MATERIAL_ID,
  },
  run(context, input) {
    const key = findKey(context, input.KeyId, 'ImportKeyMaterial');
    const validTo = expiry(context.now, input.ExpirationModel, input.ValidTo);
    // The default is documented (API reference); a key whose material was deleted is not new.
    const importType =
      input.ImportType ??
      (key.currentMaterialId === undefined ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
    if (importType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined) {
      throw materialIdWithNewMaterial();
    }

    const bytes = unwrapMaterial(context, key, input.ImportToken, input.EncryptedKeyMaterial);
    const id = materialId(key.id, bytes);
    if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== id) {
      throw incorrectKeyMaterial();
    }

    const incoming: Incoming = { id, bytes, validTo, description: input.KeyMaterialDescription };
    const wasPendingImport = keyState(key) === 'PendingImport';
    if (importType === 'NEW_KEY_MATERIAL') importNew(key, incoming);
    else importExisting(key, incoming);
    // The documented end of PendingImport is Enabled, also for a key that had been disabled before
    // its material went (inferred). Re-import into a Disabled key leaves it so (inferred).
    if (wasPendingImport && keyState(key) !== 'PendingImport') key.enabled = true;
    return { KeyId: key.arn, KeyMaterialId: id };
  },
});

/** The default model is KEY_MATERIAL_EXPIRES (API reference), so leaving both out is an error. */
function expiry(
  now: number,
  model: string | undefined,
  validTo: Date | undefined,
): number | undefined {
  if (model === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (validTo !== undefined) throw validToNotAllowed();
    return undefined;
  }
  if (validTo === undefined) throw validToMissing();
  const instant = validTo.getTime();
  if (instant <= now) throw validToInPast();
  if (instant > now + MAX_VALIDITY_MILLISECONDS) throw validToTooFar();
  return instant;
}

function unwrapMaterial(
  { tokens, wrappingKeys, now }: Context,
  key: KeyRecord,
  token: Buffer,
  ciphertext: Buffer,
): Buffer {
  const grant = tokens.open(token, key.arn, now);
  const wrappingKey = wrappingKeys.find(grant.wrappingKeyId);
  if (wrappingKey === undefined) throw invalidImportToken();
  const bytes = unwrap(grant.wrappingAlgorithm, wrappingKey, ciphertext);
  if (bytes.length !== MATERIAL_BYTES) throw incorrectKeyMaterial();
  return bytes;
}
