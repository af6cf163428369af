import { canonicalJson } from '../../../src/cli/evidence/canonical-json';

describe('when a document is written in its canonical form', () => {
  it('members are sorted as the example of RFC 8785 section 3.2.3 sorts them', () => {
    const values = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(values)) as object)).toHaveLength(7);
    const order = [...canonicalJson(values).matchAll(/:"([A-Z][^"]*)"/g)].map(([, text]) => text);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('strings, literals and lists are as in the example of section 3.2.2', () => {
    const string = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/';
    expect(canonicalJson({ string, literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('members without a value are left out, at every depth', () => {
    expect(canonicalJson({ b: [{ d: undefined, c: 1 }], a: undefined })).toBe('{"b":[{"c":1}]}');
  });

  it('half of a surrogate pair, for which there is no form, is replaced', () => {
    expect(canonicalJson('a\ud800b')).toBe('"a\ufffdb"');
  });
});
