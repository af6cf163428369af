import fc from 'fast-check';
import { parseDuration } from '../../src/domain/duration';
import {
  compareExpiry,
  declaredExpiry,
  hasExpired,
  MAX_VALIDITY_DAYS,
  assertValidToInRange,
  normaliseValidTo,
  toWholeSeconds,
  validToAt,
} from '../../src/domain/expiry';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';

const NOW = new Date('2026-06-01T12:00:00.500Z');

describe('when an instant is normalised', () => {
  it.each([
    ['2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z'],
    ['2026-07-01t12:00:00z', '2026-07-01T12:00:00Z'],
    ['2026-07-01T12:00:00.999999Z', '2026-07-01T12:00:00Z'],
    ['2026-07-01T14:30:00+02:30', '2026-07-01T12:00:00Z'],
    ['2026-06-30T23:00:00-01:00', '2026-07-01T00:00:00Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
  ])('%s is %s', (text, expected) => {
    expect(normaliseValidTo(text)).toBe(expected);
  });

  it.each([
    '2026-07-01T12:00:00',
    '2026-07-01 12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2027-02-29T12:00:00Z',
    '2026-07-01T24:00:00Z',
    '2026-07-01T12:60:00Z',
    '2026-07-01T12:00:60Z',
    '2026-07-01T12:00:00+25:00',
    '2026-07-01T12:00:00+01:60',
    'tomorrow',
    '',
  ])('%j is refused', (text) => {
    expect(() => normaliseValidTo(text)).toThrowWithCode('INPUT_INVALID');
  });

  it('what is normalised stays as it is', () => {
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2200-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (instant) => {
        const once = normaliseValidTo(instant.toISOString());
        expect(normaliseValidTo(once)).toBe(once);
        expect(Date.parse(once)).toBe(Math.floor(instant.getTime() / 1000) * 1000);
      }),
      RUNS,
    );
  });
});

describe('when a duration is read', () => {
  it.each([
    ['90d', 7_776_000],
    ['1h30m', 5_400],
    ['2w', 1_209_600],
    ['45s', 45],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text, 'validFor')).toBe(seconds);
  });

  it.each(['', '90', 'd', '-1d', '1.5d', '1 d', '0s', '1y', '99999999999d'])(
    '%j is refused',
    (text) => {
      expect(() => parseDuration(text, 'validFor')).toThrowWithCode('INPUT_INVALID');
    },
  );
});

describe('when the limits of KMS are met', () => {
  it('the last second of 365 days is allowed and the next is not', () => {
    const at = (seconds: number): string =>
      toWholeSeconds(new Date(NOW.getTime() + seconds * 1000));
    expect(() => {
      assertValidToInRange(at(MAX_VALIDITY_DAYS * 86_400), NOW);
    }).not.toThrow();
    expect(() => {
      assertValidToInRange(at(MAX_VALIDITY_DAYS * 86_400 + 1), NOW);
    }).toThrowWithCode('VALIDITY_TOO_LONG');
    expect(() => {
      assertValidToInRange(at(0), NOW);
    }).toThrowWithCode('VALID_TO_PAST');
  });

  it('a validity of 365 days that is never renewed in time is refused', () => {
    expect(() => declaredExpiry({ validFor: '365d', renewBefore: '364d23h59m' })).toThrowWithCode(
      'EXPIRY_CONFLICT',
    );
  });
});

describe('when what KMS holds is compared with what is declared', () => {
  const expires = (validTo: string) => ({ expirationModel: 'KEY_MATERIAL_EXPIRES', validTo });
  const never = { expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };

  it('just imported material matches every declaration', () => {
    const day = 86_400;
    const rolling = fc
      .tuple(
        fc.integer({ min: 2, max: 365 * day - 400 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
      )
      .map(([validFor, share]) => ({
        validFor: `${validFor}s`,
        renewBefore: `${Math.max(1, Math.floor(validFor * share))}s`,
      }))
      .filter(({ validFor, renewBefore }) => validFor !== renewBefore);
    fc.assert(
      fc.property(fc.oneof(rolling, fc.constant({})), (inputs) => {
        const declared = declaredExpiry(inputs);
        const validTo = validToAt(declared, NOW);
        const actual = validTo === undefined ? never : expires(validTo);
        // A fraction of a second is cut off, which a renewal of the whole validity would notice.
        fc.pre(declared.kind !== 'rolling' || declared.validFor - declared.renewBefore > 1);
        expect(compareExpiry(declared, actual, NOW)).toBe('as-declared');
      }),
      RUNS,
    );
  });

  it('a rolling validity is due strictly after validTo minus renewBefore', () => {
    const declared = declaredExpiry({ validFor: '90d', renewBefore: '30d' });
    const actual = expires('2026-08-30T12:00:00Z');
    const at = (text: string) => compareExpiry(declared, actual, new Date(text));
    expect(at('2026-07-31T12:00:00Z')).toBe('as-declared');
    expect(at('2026-07-31T12:00:00.001Z')).toBe('renewal-due');
  });

  it.each([
    [{}, expires('2026-07-01T12:00:00Z')],
    [{ validTo: '2026-07-01T12:00:00Z' }, never],
    [{ validTo: '2026-07-01T12:00:00Z' }, expires('2026-07-01T12:00:01Z')],
    [{ validTo: '2026-07-01T12:00:00Z' }, { expirationModel: 'KEY_MATERIAL_EXPIRES' }],
    [{ validFor: '10d' }, never],
  ])('%j differs from %j', (inputs, actual) => {
    expect(compareExpiry(declaredExpiry(inputs), actual, NOW)).toBe('differs');
  });

  it('a life longer than the rolling one is recognized as longer', () => {
    const actual = expires('2026-07-01T12:00:00Z');
    expect(compareExpiry(declaredExpiry({ validFor: '10d' }), actual, NOW)).toBe('longer');
  });

  it('material has expired from its instant on', () => {
    const actual = expires('2026-06-01T12:00:00Z');
    expect(hasExpired(actual, new Date('2026-06-01T11:59:59.999Z'))).toBe(false);
    expect(hasExpired(actual, new Date('2026-06-01T12:00:00Z'))).toBe(true);
    expect(hasExpired(never, NOW)).toBe(false);
    expect(hasExpired({}, NOW)).toBe(false);
  });
});
