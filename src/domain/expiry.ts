import { ByokError, assert } from '../errors';
import { parseDuration } from './duration';

/** AWS's enum `ExpirationModel`. */
export const EXPIRATION_MODELS = ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'] as const;

/**
 * AWS's enum `ExpirationModel`.
 *
 * @useDeclaredType
 */
export type ExpirationModel = (typeof EXPIRATION_MODELS)[number];

/** The inputs that decide about expiry, as a program declares them. */
export interface ExpiryInputs {
  readonly validTo?: string | undefined;
  readonly validFor?: string | undefined;
  readonly renewBefore?: string | undefined;
  readonly expirationModel?: ExpirationModel | undefined;
}

/** What the inputs mean. */
export type DeclaredExpiry =
  | { readonly kind: 'never' }
  | { readonly kind: 'fixed'; readonly validTo: string }
  | { readonly kind: 'rolling'; readonly validFor: number; readonly renewBefore: number };

/** What KMS holds for one material. */
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

/** The earliest warning of an expiry, in days, that does not begin with the import itself. */
export const LONGEST_NOTICE_DAYS = MAX_VALIDITY_DAYS - 1;

const MAX_VALIDITY_SECONDS = MAX_VALIDITY_DAYS * 86_400;

// KMS measures the 365 days by its own clock; five minutes is what SigV4 tolerates between clocks.
const CLOCK_MARGIN_SECONDS = 300;

const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** An instant as RFC 3339 in whole seconds UTC; a fraction is cut off, never rounded up. */
export function toWholeSeconds(instant: Date): string {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * Normalises an RFC 3339 instant (section 5.6) to whole seconds UTC. KMS keeps fractions and no
 * offset, so anything else would differ for ever between the program and KMS.
 *
 * @throws {@link ByokError} `VALID_TO_FORMAT`, also for a missing offset or an impossible date
 */
export function normaliseValidTo(text: string): string {
  const refuse = (): never => {
    throw new ByokError(
      'VALID_TO_FORMAT',
      'validTo is an RFC 3339 instant with an offset, such as 2027-06-30T12:00:00Z',
    );
  };
  const match = RFC3339.exec(text) ?? refuse();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [offsetHours, offsetMinutes] = match.slice(8, 10).map((digits) => Number(digits || 0));
  const local = new Date(0);
  local.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  local.setUTCHours(hour ?? 0, minute, second);
  // setUTC* rolls 30 February over into March: what comes back must be what was written.
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
    `validTo ${validTo} has passed: material with that expiry is deleted or refused by KMS. Declare a later validTo, or remove the resource`,
  );
  assert(
    seconds <= MAX_VALIDITY_SECONDS,
    'VALIDITY_TOO_LONG',
    `validTo ${validTo} is more than ${MAX_VALIDITY_DAYS} days ahead, the most that KMS accepts; validFor with renewBefore renews for as long as the program is run`,
  );
}

/**
 * Reads the expiry inputs together.
 *
 * @throws {@link ByokError} `EXPIRY_CONFLICT`,
 * `DURATION_FORMAT`, `VALIDITY_TOO_LONG`, `VALID_TO_FORMAT`
 */
export function declaredExpiry(inputs: ExpiryInputs): DeclaredExpiry {
  const { validTo, validFor, renewBefore, expirationModel } = inputs;
  assert(
    validTo === undefined || validFor === undefined,
    'EXPIRY_CONFLICT',
    'validTo and validFor exclude each other: declare one of them',
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
    `validFor is at most ${MAX_VALIDITY_DAYS}d`,
  );
  // A third of the life is what certificate renewers use when nothing is said.
  const renew =
    renewBefore === undefined ? Math.floor(valid / 3) : parseDuration(renewBefore, 'renewBefore');
  assert(
    renew < longestValidity(valid),
    'EXPIRY_CONFLICT',
    'renewBefore must be shorter than validFor, or each update would import again',
  );
  return { kind: 'rolling', validFor: valid, renewBefore: renew };
}

function longestValidity(validFor: number): number {
  return Math.min(validFor, MAX_VALIDITY_SECONDS - CLOCK_MARGIN_SECONDS);
}

/** The `ValidTo` to import with at this instant; undefined when the material does not expire. */
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

/** How the expiry that KMS holds relates to what is declared; `longer` is of a rolling validity. */
export type ExpiryVerdict = 'as-declared' | 'differs' | 'longer' | 'renewal-due';

/** Compares what KMS holds with what is declared, at an instant. */
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

/** Whether the material has expired by this instant, whatever was last read of it. */
export function hasExpired(actual: ActualExpiry, now: Date): boolean {
  return (
    actual.expirationModel === 'KEY_MATERIAL_EXPIRES' &&
    actual.validTo !== undefined &&
    Date.parse(actual.validTo) <= now.getTime()
  );
}
