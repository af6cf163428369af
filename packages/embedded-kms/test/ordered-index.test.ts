import fc from 'fast-check';
import { OrderedIndex } from '../src/state/ordered-index';

type Step =
  | { readonly kind: 'set'; readonly name: string; readonly item: number }
  | { readonly kind: 'delete'; readonly name: string };

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), name, item: fc.nat() }),
  fc.record({ kind: fc.constant('delete' as const), name }),
);

const itemsFrom = <T>(index: OrderedIndex<T>, serial?: number) =>
  Array.from(index.from(serial), ({ item }) => item);

describe('when items are added, replaced and deleted', () => {
  it('the items after each name are those that a Map has after it', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const index = new OrderedIndex<number>('list');
        const expected = new Map<string, number>();
        for (const each of steps) {
          if (each.kind === 'set') index.set(each.name, each.item);
          else index.delete(each.name);
          if (each.kind === 'set') expected.set(each.name, each.item);
          else expected.delete(each.name);
        }
        const entries = [...expected];
        expect(itemsFrom(index)).toEqual(entries.map(([, item]) => item));
        for (const [position, [at, item]] of entries.entries()) {
          expect(index.get(at)).toBe(item);
          const rest = entries.slice(position + 1).map(([, each]) => each);
          expect(itemsFrom(index, index.serialOf(at)! + 1)).toEqual(rest);
        }
        expect(index.serialOf('absent')).toBeUndefined();
      }),
    );
  });

  it('items that are deleted during an iteration are skipped, and none is skipped for them', () => {
    const index = new OrderedIndex<number>('list');
    for (let each = 0; each < 6; each += 1) index.set(String(each), each);
    const seen: number[] = [];
    for (const { item } of index.from()) {
      seen.push(item);
      index.delete(String(item));
      if (item === 1) index.delete('2');
    }
    expect(seen).toEqual([0, 1, 3, 4, 5]);
  });

  it('the place of a deleted item stays, and no later item gets it', () => {
    const index = new OrderedIndex<string>('list');
    for (const each of ['a', 'b', 'c']) index.set(each, each);
    const place = index.serialOf('b')!;
    index.delete('b');
    index.set('b', 'b again');
    expect(itemsFrom(index, place + 1)).toEqual(['c', 'b again']);
  });
});
