import { assert, type ByokErrorCode } from '../errors';

/** Seconds of a day, which always has 24 hours here. */
export const DAY_SECONDS = 86_400;

/** Milliseconds of a day. */
export const DAY_MILLISECONDS = DAY_SECONDS * 1000;

const SECONDS: Readonly<Record<string, number>> = {
  w: 7 * DAY_SECONDS,
  d: DAY_SECONDS,
  h: 3_600,
  m: 60,
  s: 1,
};
/** The form of a duration, which may still be zero or too long. */
export const DURATION_FORM = /^(?:\d{1,9}[wdhms])+$/;
const PART = /(\d+)([wdhms])/g;

/**
 * Reads a duration of whole weeks, days, hours, minutes and seconds, such as `90d` or `1h30m`.
 * A day is 24 hours.
 *
 * @param name - the input, for the message
 * @param code - the code of the error. Default: `INPUT_INVALID`
 * @returns seconds, at least 1
 * @throws {@link ByokError} `code`
 */
export function parseDuration(
  text: string,
  name: string,
  code: ByokErrorCode = 'INPUT_INVALID',
): number {
  let seconds = 0;
  if (DURATION_FORM.test(text)) {
    for (const [, count = '', unit = ''] of text.matchAll(PART)) {
      seconds += Number(count) * (SECONDS[unit] ?? 0);
    }
  }
  assert(
    seconds > 0 && Number.isSafeInteger(seconds),
    code,
    `${name} must be a duration of whole units such as 90d, 12h or 1h30m (w, d, h, m, s), and at least one second`,
  );
  return seconds;
}
