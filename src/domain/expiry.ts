import { ByokError, assert } from '../errors';
import { DAY_SECONDS, parseDuration } from './duration';

/** AWS's enum `ExpirationModel`. */
export const EXPIRATION_MODELS = ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'] as const;

/**
 * AWS's enum `ExpirationModel`.
 *
 * @useDeclaredType
 */
export type ExpirationModel = (typeof EXPIRATION_MODELS)[number];

/** The inputs that decide the expiry, as a program declares them. */
export interface ExpiryInputs {
  readonly validTo?: string | undefined;
  readonly validFor?: string | undefined;
  readonly renewBefore?: string | undefined;
  readonly expirationModel?: ExpirationModel | undefined;
}

/** The expiry that a program declares. */
export type DeclaredExpiry =
  | { readonly kind: 'never' }
  | { readonly kind: 'fixed'; readonly validTo: string }
  | { readonly kind: 'rolling'; readonly validFor: number; readonly renewBefore: number };

/** The expiry of one material in KMS. */
export interface ActualExpiry {
  readonly expirationModel?: string | undefined;
  /** RFC 3339, whole seconds, UTC. */
  readonly validTo?: string | undefined;
}

/**
 * Days from an import to the latest expiry that KMS accepts
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html, ValidTo).
 */
export const MAX_VALIDITY_DAYS = 365;

/** The longest notice of an expiry, in days, that does not begin with the import itself. */
export const LONGEST_NOTICE_DAYS = MAX_VALIDITY_DAYS - 1;

const MAX_VALIDITY_SECONDS = MAX_VALIDITY_DAYS * DAY_SECONDS;

// KMS measures the 365 days by its own clock. AWS tolerates five minutes between clocks: a request usually has to
// reach it within five minutes of its time stamp (AWS IAM User Guide, Signature Version 4 for API requests).
const CLOCK_MARGIN_SECONDS = 300;

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Formats an instant as RFC 3339 in whole seconds UTC. Cuts off a fraction and never rounds up. */
export function toWholeSeconds(instant: Date): string {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * Normalises an RFC 3339 instant (section 5.6) to whole seconds UTC. KMS keeps fractions and no offset, so the
 * program and KMS would always differ in any other form.
 *
 * @throws {@link ByokError} `INPUT_INVALID`, also for a missing offset or an impossible date
 */
export function normaliseValidTo(text: string): string {
  const refuse = (): never => {
    throw new ByokError(
      'INPUT_INVALID',
      'validTo must be an RFC 3339 instant with an offset, such as 2027-06-30T12:00:00Z',
    );
  };
  const match = RFC3339.exec(text) ?? refuse();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [offsetHours, offsetMinutes] = match.slice(8, 10).map((digits) => Number(digits || 0));
  const local = new Date(0);
  local.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  local.setUTCHours(hour ?? 0, minute, second);
  // setUTC* turns 30 February into a day of March, so the result must equal the text.
  const written = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`;
  if (toWholeSeconds(local) !== written) refuse();
  if ((offsetHours ?? 0) > 23 || (offsetMinutes ?? 0) > 59) refuse();
  const offset = ((offsetHours ?? 0) * 60 + (offsetMinutes ?? 0)) * 60_000;
  return toWholeSeconds(new Date(local.getTime() - (match[7] === '-' ? -offset : offset)));
}

/**
 * Checks a normalised instant against what KMS accepts now.
 *
 * @throws {@link ByokError} `VALID_TO_PAST`, `VALIDITY_TOO_LONG`
 */
export function assertValidToInRange(validTo: string, now: Date): void {
  const seconds = (Date.parse(validTo) - now.getTime()) / 1000;
  assert(
    seconds > 0,
    'VALID_TO_PAST',
    `validTo ${validTo} is in the past, and KMS deletes or refuses such material: declare a later validTo, or remove the resource`,
  );
  assert(
    seconds <= MAX_VALIDITY_SECONDS,
    'VALIDITY_TOO_LONG',
    `validTo ${validTo} is more than ${MAX_VALIDITY_DAYS} days ahead, which KMS refuses: declare an earlier validTo, or validFor with renewBefore, which renews the material at each update`,
  );
}

/**
 * Refuses an expiry while the clock of this machine is wrong: previews compare the declared expiry with this
 * clock, and KMS with its own. The SDK corrects the time of its signatures, so the calls themselves succeed.
 *
 * @param ofKms - the time of KMS at the instant `now`
 * @throws {@link ByokError} `CLOCK_DIFFERS`
 */
export function assertClocksAgree(now: Date, ofKms: Date): void {
  const seconds = (ofKms.getTime() - now.getTime()) / 1000;
  assert(
    Math.abs(seconds) <= CLOCK_MARGIN_SECONDS,
    'CLOCK_DIFFERS',
    `the clock of this machine shows ${toWholeSeconds(now)} and the clock of KMS shows ${toWholeSeconds(ofKms)}, which differ by more than ${CLOCK_MARGIN_SECONDS / 60} minutes, so the material would not expire when a preview says: set the clock of this machine, for example with NTP, and run the update again`,
  );
}

/**
 * Reads the expiry inputs together.
 *
 * @throws {@link ByokError} `EXPIRY_CONFLICT`,
 * `INPUT_INVALID`, `VALIDITY_TOO_LONG`
 */
export function declaredExpiry(inputs: ExpiryInputs): DeclaredExpiry {
  const { validTo, validFor, renewBefore, expirationModel } = inputs;
  assert(
    validTo === undefined || validFor === undefined,
    'EXPIRY_CONFLICT',
    'validTo and validFor exclude each other: declare only one of them',
  );
  assert(
    renewBefore === undefined || validFor !== undefined,
    'EXPIRY_CONFLICT',
    'renewBefore needs validFor: a fixed validTo is not renewed',
  );
  const expires = validTo !== undefined || validFor !== undefined;
  assert(
    expirationModel === undefined || (expirationModel === 'KEY_MATERIAL_EXPIRES') === expires,
    'EXPIRY_CONFLICT',
    expires
      ? 'expirationModel KEY_MATERIAL_DOES_NOT_EXPIRE contradicts validTo or validFor: remove one of them'
      : 'expirationModel KEY_MATERIAL_EXPIRES needs validTo or validFor',
  );
  if (validTo !== undefined) return { kind: 'fixed', validTo: normaliseValidTo(validTo) };
  if (validFor === undefined) return { kind: 'never' };
  const valid = parseDuration(validFor, 'validFor');
  assert(
    valid <= MAX_VALIDITY_SECONDS,
    'VALIDITY_TOO_LONG',
    `validFor must be at most ${MAX_VALIDITY_DAYS}d`,
  );
  // Default: a third of the validity, as tools that renew certificates do.
  const renew =
    renewBefore === undefined ? Math.floor(valid / 3) : parseDuration(renewBefore, 'renewBefore');
  assert(
    renew < longestValidity(valid),
    'EXPIRY_CONFLICT',
    'renewBefore must be shorter than validFor, because otherwise each update would import again',
  );
  return { kind: 'rolling', validFor: valid, renewBefore: renew };
}

function longestValidity(validFor: number): number {
  return Math.min(validFor, MAX_VALIDITY_SECONDS - CLOCK_MARGIN_SECONDS);
}

/** Returns the `ValidTo` for an import at this instant; undefined if the material does not expire. */
export function validToAt(expiry: DeclaredExpiry, now: Date): string | undefined {
  switch (expiry.kind) {
    case 'never':
      return undefined;
    case 'fixed':
      return expiry.validTo;
    case 'rolling': {
      const seconds = longestValidity(expiry.validFor);
      return toWholeSeconds(new Date(now.getTime() + seconds * 1000));
    }
  }
}

/** Relation of the expiry in KMS to the declared one. Only a rolling validity can be `longer`. */
export type ExpiryVerdict = 'as-declared' | 'differs' | 'longer' | 'renewal-due';

/** Compares the expiry in KMS with the declared one, at an instant. */
export function compareExpiry(
  declared: DeclaredExpiry,
  actual: ActualExpiry,
  now: Date,
): ExpiryVerdict {
  const expires = actual.expirationModel === 'KEY_MATERIAL_EXPIRES';
  if (declared.kind === 'never') return expires ? 'differs' : 'as-declared';
  if (!expires || actual.validTo === undefined) return 'differs';
  if (declared.kind === 'fixed') {
    return actual.validTo === declared.validTo ? 'as-declared' : 'differs';
  }
  const left = (Date.parse(actual.validTo) - now.getTime()) / 1000;
  if (left > declared.validFor + CLOCK_MARGIN_SECONDS) return 'longer';
  return left < declared.renewBefore ? 'renewal-due' : 'as-declared';
}

/** Returns whether the material has expired at this instant, although KMS may still have shown it. */
export function hasExpired(actual: ActualExpiry, now: Date): boolean {
  return (
    actual.expirationModel === 'KEY_MATERIAL_EXPIRES' &&
    actual.validTo !== undefined &&
    Date.parse(actual.validTo) <= now.getTime()
  );
}
