import { ignoreChanges, startsAt } from '../../src/engine/property-path';

describe('when changes are ignored', () => {
  it.each([
    ['a property', ['a'], { a: 1 }, { a: 2, b: 3 }, { a: 1, b: 3 }],
    ['a property that was not there', ['a'], {}, { a: 2 }, {}],
    ['a property that has gone', ['a'], { a: 1 }, {}, { a: 1 }],
    [
      'one inside an object',
      ['a.b'],
      { a: { b: 1, c: 1 } },
      { a: { b: 2, c: 2 } },
      { a: { b: 1, c: 2 } },
    ],
    [
      'one inside a list',
      ['a[1].b'],
      { a: [0, { b: 1 }] },
      { a: [9, { b: 2 }] },
      { a: [9, { b: 1 }] },
    ],
    ['one in quotes', ['a["b.c"]'], { a: { 'b.c': 1 } }, { a: { 'b.c': 2 } }, { a: { 'b.c': 1 } }],
    [
      'all of one level',
      ['a[*].b'],
      { a: [{ b: 1 }, { b: 1 }] },
      { a: [{ b: 2 }] },
      { a: [{ b: 1 }] },
    ],
    ['one in what is no longer there', ['a.b'], { a: { b: 1 } }, { c: 1 }, { c: 1 }],
  ])('restores %s', (_, paths, old, now, expected) => {
    expect(ignoreChanges(now, old, paths)).toEqual(expected);
  });

  it('does not change the inputs that it was given', () => {
    const inputs = { a: { b: 2 } };
    ignoreChanges(inputs, { a: { b: 1 } }, ['a.b']);
    expect(inputs).toEqual({ a: { b: 2 } });
  });
});

describe('when a path is asked whether it concerns a property', () => {
  it('looks at its first part', () => {
    expect(startsAt('a.b', 'a')).toBe(true);
    expect(startsAt('*', 'a')).toBe(true);
    expect(startsAt('b.a', 'a')).toBe(false);
  });
});
