import fc from 'fast-check';
import {
  arnPatternOf,
  exactly,
  matches,
  overlap,
  patternOf,
  shapeOf,
} from '../../src/policy/iam/pattern';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

// Two letters and both wildcards, so that chance meets every combination.
const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 6 });
const glob = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 6 });

/** The same language as a regular expression. */
function expressionOf(pattern: string): RegExp {
  const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}

describe('when a pattern of IAM is compared with a text', () => {
  it.each([
    ['*', '', true],
    ['*', KEY, true],
    ['**', KEY, true],
    ['?', '', false],
    ['?*', 'k', true],
    ['k?y', 'key', true],
    ['k?y', 'ky', false],
    ['k?y', 'keey', false],
    ['Key', 'key', false],
    ['arn:aws:kms:*', KEY, true],
    ['arn:aws:kms:*:key/*', KEY, true],
    ['arn:aws:kms:*:key/mrk-*', KEY, false],
    ['.*', 'key', false],
    ['a+b', 'aab', false],
    ['${*}', 'x', false],
    ['${*}', '*', true],
    ['a${?}', 'a?', true],
    ['a${?}', 'ab', false],
    ['${$}', '$', true],
    ['key-${aws:username}', 'key-eve', true],
    ['$', '$', true],
    ['${', '${', true],
  ])('%s and %s: %s', (pattern, one, expected) => {
    expect(matches(patternOf(pattern), one)).toBe(expected);
  });

  it('it agrees with a regular expression', () => {
    fc.assert(
      fc.property(glob, text, (pattern, one) => {
        expect(matches(patternOf(pattern), one)).toBe(expressionOf(pattern).test(one));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('when two patterns are compared', () => {
  it.each([
    ['role/app-*', 'role/*-prod', true],
    ['role/app-*', 'role/db-*', false],
    ['a?c', '?b?', true],
    ['a?', 'a', false],
    ['*', '*', true],
    ['', '', true],
    ['', '?', false],
  ])('%s and %s have a text in common: %s', (one, other, expected) => {
    expect(overlap(patternOf(one), patternOf(other))).toBe(expected);
    expect(overlap(patternOf(other), patternOf(one))).toBe(expected);
  });

  it('two patterns with a text in common are found, and no others', () => {
    const texts = shortTexts(4);
    const small = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 2 });
    fc.assert(
      fc.property(small, small, (one, other) => {
        const both = texts.some(
          (each) => expressionOf(one).test(each) && expressionOf(other).test(each),
        );
        expect(overlap(patternOf(one), patternOf(other))).toBe(both);
      }),
      { numRuns: 500 },
    );
  });

  it('long patterns take no long time', () => {
    const many = '*a'.repeat(200);
    expect(overlap(patternOf(`${many}b`), exactly('a'.repeat(2000)))).toBe(false);
  });
});

function shortTexts(length: number): string[] {
  if (length === 0) return [''];
  const shorter = shortTexts(length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((each) => [`${each}a`, `${each}b`])])];
}

describe('when an ARN lacks segments', () => {
  it.each([
    ['arn:aws:kms', true],
    ['arn:aws:kms:eu-west-1', true],
    ['arn:aws', true],
    ['*', true],
    ['arn:aws:s3', false],
    ['arn:aws:kms:us-east-1', false],
    ['arn:${aws:partition}:kms', true],
  ])('%s matches a key: %s', (pattern, expected) => {
    expect(matches(arnPatternOf(pattern), KEY)).toBe(expected);
  });
});

describe('when a pattern is compared with a shape', () => {
  it.each([
    ['~', 'abc', true],
    ['~', 'a:b', false],
    ['~', 'a/b', false],
    ['a~', 'a*', true],
    ['^', '?', true],
    ['^', '*', true],
    ['^', 'a', false],
    ['~^~', 'ab*', true],
    ['~^~', 'ab?cd', true],
    ['~^~', 'abcd', false],
    ['%^%', '*-*', true],
    ['%^%', 'a*', false],
    ['x:*', 'x:*', true],
  ])('%s and %s: %s', (shape, pattern, expected) => {
    expect(overlap(shapeOf(shape), patternOf(pattern))).toBe(expected);
  });
});
