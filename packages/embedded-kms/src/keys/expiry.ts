import {
  validToInPast,
  validToMissing,
  validToNotAllowed,
  validToTooFar,
} from '../errors/kms-error';
import { DAY_MILLISECONDS } from '../state/clock';
import type { MaterialRecord } from '../state/records';
import type { Output } from './output';

const MAX_VALIDITY_MILLISECONDS = 365 * DAY_MILLISECONDS; // Developer Guide, import-key-material

/**
 * Returns the instant that an import asks for; undefined when the material does not expire. The default
 * model is KEY_MATERIAL_EXPIRES (API reference), so a request without both members is an error.
 *
 * @param now - epoch milliseconds
 * @throws {@link KmsError} ValidationException
 */
export function requestedExpiry(
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

/** Returns the members ExpirationModel and ValidTo of an answer. */
export function expiryMembers(validTo: MaterialRecord['validTo']): Output {
  return validTo === undefined
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) };
}
