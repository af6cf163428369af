import { LIMIT, MARKER } from '../common-shapes';
import { operation } from '../operation';
import { page } from '../paging';
import { settle } from '../settle';

const DEFAULT_LIMIT = 100; // API reference, ListKeys

/** ListKeys, in the order of creation; AWS promises no order. */
export const listKeys = operation({
  types: { Limit: LIMIT, Marker: MARKER },
  run({ store, accountId, region }, input) {
    const keys = [...store.keys(accountId, region).values()].filter(
      (key) => settle(store, key) !== undefined,
    );
    const { items, members } = page(keys, input, DEFAULT_LIMIT, ({ id }) => id);
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...members };
  },
});
