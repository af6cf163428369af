import {
  assertValidToInRange,
  declaredExpiry,
  normaliseValidTo,
  type ExpiryInputs,
} from '../../domain/expiry';
import { guardSeconds } from '../../domain/key-usage';
import { UNKNOWN, type Properties } from '../protocol';
import { EXPIRY_INPUTS } from './inputs';

/**
 * Checks the expiry. Inputs that may contradict each other can be compared only once all of them are known.
 *
 * @returns `validTo` in its normal form
 * @throws {@link ByokError} `EXPIRY_CONFLICT`, `DURATION_FORMAT`, `VALIDITY_TOO_LONG`, `VALID_TO_FORMAT`,
 * `VALID_TO_PAST`
 */
export function checkExpiry(
  known: ExpiryInputs,
  declared: Properties,
  now: Date,
): string | undefined {
  const allKnown = EXPIRY_INPUTS.every((name) => declared[name] !== UNKNOWN);
  if (allKnown) declaredExpiry(known);
  if (known.validTo === undefined) return undefined;
  const validTo = normaliseValidTo(known.validTo);
  assertValidToInRange(validTo, now);
  return validTo;
}

/**
 * Checks the guard of a deletion, if it is known.
 *
 * @throws {@link ByokError} `DURATION_FORMAT`
 */
export function checkGuard({
  deleteUnlessUsedWithin,
}: {
  readonly deleteUnlessUsedWithin?: string | undefined;
}): void {
  if (deleteUnlessUsedWithin !== undefined) guardSeconds(deleteUnlessUsedWithin);
}
