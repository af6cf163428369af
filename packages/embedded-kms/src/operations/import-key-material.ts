import { CIPHERTEXT, KEY_ID, MATERIAL_ID } from './shared/common-shapes';
import {
  incorrectKeyMaterial,
  invalidImportToken,
  materialIdWithNewMaterial,
  validToInPast,
  validToMissing,
  validToNotAllowed,
  validToTooFar,
} from '../errors/kms-error';
import { checkMaterial } from '../keys/check-material';
import { findKey } from '../keys/find-key';
import { importExisting, importNew, type Incoming } from '../keys/import-material';
import { factsOfKey, isSymmetric } from '../crypto/key-specs';
import { keyState } from '../keys/key-state';
import { materialId } from '../keys/material-id';
import type { Context } from '../keys/context';
import { operation } from './shared/operation';
import type { KeyRecord } from '../state/store';
import { synchronise } from '../keys/synchronise';
import { unwrap } from '../crypto/unwrap';
import { symmetricKeysOnly } from '../errors/usage-errors';

const NEW = 'NEW_KEY_MATERIAL';

/** AWS rejects these for other keys (Developer Guide, importing-keys-import-key-material). */
const SYMMETRIC_ONLY = ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const;
const MAX_VALIDITY_MILLISECONDS = 365 * 24 * 60 * 60 * 1000; // Developer Guide, import-key-material

/**
 * ImportKeyMaterial. A refused import changes nothing and leaves the token usable (recorded). Keys
 * other than symmetric encryption keys have one material, and take that again and no other.
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
    // The pattern needs one character though the length needs none, so "" is refused: inferred.
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
    const validTo = expiry(context.now, input.ExpirationModel, input.ValidTo);
    if (importTypeFor(found, input.ImportType) === NEW && input.KeyMaterialId !== undefined) {
      throw materialIdWithNewMaterial();
    }
    const unwrapped = await unwrapMaterial(
      context,
      found,
      input.ImportToken,
      input.EncryptedKeyMaterial,
    );
    const material = await checkMaterial(factsOfKey(found), found.region, unwrapped);

    // To unwrap, and to test the primes of an RSA key, takes a while, in which other requests have
    // their turn: what holds now decides.
    const key = findKey(context, input.KeyId, 'ImportKeyMaterial');
    const id = materialId(key.id, material.bytes);
    if (input.KeyMaterialId !== undefined && input.KeyMaterialId !== id) {
      throw incorrectKeyMaterial();
    }

    const description = input.KeyMaterialDescription;
    const incoming: Incoming = { id, ...material, validTo, description };
    const wasPendingImport = keyState(key) === 'PendingImport';
    if (importTypeFor(key, input.ImportType) === NEW) importNew(key, incoming);
    else importExisting(key, incoming);
    synchronise(context.store, key);
    // The documented end of PendingImport is Enabled, also for a key that had been disabled before
    // its material went (inferred). Re-import into a Disabled key leaves it so (inferred).
    if (wasPendingImport && keyState(key) !== 'PendingImport') key.enabled = true;
    return { KeyId: key.arn, KeyMaterialId: isSymmetric(key) ? id : undefined };
  },
});

/** The default is documented (API reference); a key whose material was deleted is not new. */
function importTypeFor(key: KeyRecord, requested: string | undefined): string {
  return requested ?? (key.currentMaterialId === undefined ? NEW : 'EXISTING_KEY_MATERIAL');
}

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

async function unwrapMaterial(
  { tokens, wrappingKeys, now }: Context,
  key: KeyRecord,
  token: Buffer,
  ciphertext: Buffer,
): Promise<Buffer> {
  const grant = tokens.open(token, key.arn, now);
  const wrappingKey = wrappingKeys.find(grant.wrappingKeyId);
  if (wrappingKey === undefined) throw invalidImportToken();
  return unwrap(grant.wrappingAlgorithm, wrappingKey, ciphertext);
}
