import { materialListProvider } from '../../src/provider/material-list/provider';
import { UNKNOWN } from '../../src/provider/protocol';

const list = (...entries: unknown[]) => ({ entries, isLasting: true });
const reasons = async (olds: object, news: object): Promise<string[]> =>
  (await materialListProvider.check({ ...olds }, { ...news })).failures.map(({ reason }) => reason);

describe('when the record of the materials is checked', () => {
  it('the first list is recorded as it is', async () => {
    const news = list('a', null);
    expect(await materialListProvider.check({}, news)).toEqual({ inputs: news, failures: [] });
    expect(await materialListProvider.create(news)).toEqual({ id: 'materials', outs: news });
  });

  it('a list that lost an entry fails with the code, and no property whose value were printed', async () => {
    const { failures } = await materialListProvider.check(list('a', 'b'), list('b'));
    expect(failures).toEqual([
      { property: '', reason: expect.stringContaining('[MATERIALS_NOT_APPENDED]') as string },
    ]);
  });

  it('an entry that a preview does not know is not taken for another', async () => {
    expect(await reasons(list('a', 'b'), list(UNKNOWN, 'b'))).toEqual([]);
    expect(await reasons(list('a', 'b'), list(UNKNOWN))).toHaveLength(1);
  });

  it.each([
    ['no list', { isLasting: true }],
    ['something else than a list', { entries: {}, isLasting: true }],
    ['a list with something else than places', { entries: ['a', 7], isLasting: true }],
  ])('a record in state with %s is refused, and not written anew', async (_what, olds) => {
    const [reason, ...more] = await reasons(olds, list('a', 'b'));
    expect(reason).toContain('[STATE_INVALID]');
    expect(more).toEqual([]);
  });

  it.each([
    ['tags', { team: 'x' }, 'tag the key'],
    ['tags', UNKNOWN, 'tag the key'],
    ['isLastin', true, 'isLasting'],
  ])(
    'an input of a transform that it does not have is refused: %s',
    async (name, value, remedy) => {
      const [reason, ...more] = await reasons({}, { ...list('a'), [name]: value });
      expect(reason).toContain('[UNKNOWN_INPUT]');
      expect(reason).toContain(remedy);
      expect(more).toEqual([]);
    },
  );

  it('the text of the provider is no input', async () => {
    expect(await reasons({}, { ...list('a', UNKNOWN), __provider: 'exports' })).toEqual([]);
  });

  it('a longer list is a difference, and the same one is none', async () => {
    const differs = async (olds: object, news: object): Promise<boolean> =>
      (await materialListProvider.diff('materials', { ...olds }, { ...news })).changes;
    expect(await differs(list('a'), list('a', 'b'))).toBe(true);
    expect(await differs(list('a'), list('a'))).toBe(false);
  });
});
