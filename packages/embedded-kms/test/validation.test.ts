import { parseInput } from '../src/operations/shared/validation';

const types = {
  KeyId: { type: 'string', min: 1, max: 5, required: true },
  Origin: { type: 'string', enum: ['A', 'B'] },
  Name: { type: 'string', pattern: '[\\w]+' },
  Blob: { type: 'blob', min: 1, max: 3 },
  Limit: { type: 'integer', min: 1, max: 9 },
  Flag: { type: 'boolean' },
  At: { type: 'timestamp' },
  Context: { type: 'map' },
  Tokens: { type: 'list', member: { type: 'string', max: 2 }, max: 2 },
} as const;

const messageOf = (raw: Record<string, unknown>): string => {
  try {
    parseInput(types, raw);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was violated');
};

describe('when a request is valid', () => {
  it('is decoded, and unknown members and nulls are dropped', () => {
    expect(
      parseInput(types, {
        KeyId: 'k',
        Blob: 'AQI=',
        Limit: 3,
        Flag: false,
        At: 1.25,
        Context: { a: 'b' },
        Tokens: ['x'],
        Name: null,
        Other: 1,
      }),
    ).toEqual({
      KeyId: 'k',
      Blob: Buffer.from([1, 2]),
      Limit: 3,
      Flag: false,
      At: new Date(1250),
      Context: { a: 'b' },
      Tokens: ['x'],
    });
  });
});

describe('when a request violates constraints', () => {
  it.each<[string, Record<string, unknown>, string]>([
    [
      'a missing member',
      {},
      `Value null at 'keyId' failed to satisfy constraint: Member must not be null`,
    ],
    [
      'an unknown enum value',
      { KeyId: 'k', Origin: 'C' },
      `Value 'C' at 'origin' failed to satisfy constraint: Member must satisfy enum value set: [A, B]`,
    ],
    [
      'a long text',
      { KeyId: 'abcdef' },
      `Value 'abcdef' at 'keyId' failed to satisfy constraint: Member must have length less than or equal to 5`,
    ],
    [
      'a short text',
      { KeyId: '' },
      `Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'a pattern',
      { KeyId: 'k', Name: 'a b' },
      `Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w]+`,
    ],
    [
      'a range from below',
      { KeyId: 'k', Limit: 0 },
      `Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    ],
    [
      'a range from above',
      { KeyId: 'k', Limit: 10 },
      `Value '10' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 9`,
    ],
    [
      'a member of a list',
      { KeyId: 'k', Tokens: ['a', 'abc'] },
      `Value 'abc' at 'tokens.2.member' failed to satisfy constraint: Member must have length less than or equal to 2`,
    ],
    [
      'the decoded length of a blob, without quoting it',
      { KeyId: 'k', Blob: 'AQIDBA==' },
      `Value at 'blob' failed to satisfy constraint: Member must have length less than or equal to 3`,
    ],
  ])('reports %s in the words of AWS', (_what, raw, sentence) => {
    expect(messageOf(raw)).toBe(`1 validation error detected: ${sentence}`);
  });

  it('reports all of them at once', () => {
    expect(messageOf({ Origin: 'C', Blob: '' })).toMatch(
      /^3 validation errors detected: .*'keyId'.*; .*'origin'.*; .*'blob'/,
    );
  });
});

describe('when a value has the wrong JSON type', () => {
  it.each<[string, unknown]>([
    ['KeyId', 1],
    ['Blob', 'not base64!'],
    ['Blob', 7],
    ['Limit', '3'],
    ['Limit', 1.5],
    ['Flag', 'true'],
    ['At', '2030-01-01'],
    ['At', 1e300],
    ['Context', ['a']],
    ['Context', { a: 1 }],
    ['Tokens', 'x'],
  ])('refuses it in %s, without quoting it', (name, value) => {
    expect(() => parseInput(types, { KeyId: 'k', [name]: value })).toThrow(
      expect.objectContaining({
        type: 'SerializationException',
        text: expect.not.stringContaining('not base64!') as string,
      }) as Error,
    );
  });
});
