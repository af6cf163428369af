import { LIMIT, MARKER } from './shared/common-shapes';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 100; // API reference, ListKeys

/** ListKeys, in the order of creation; AWS guarantees no order. */
export const listKeys = operation({
  types: { Limit: LIMIT, Marker: MARKER },
  run(context, input) {
    const { store, accountId, region } = context;
    const { keys } = store.directory(accountId, region);
    const { items, members } = page(
      keys,
      input,
      DEFAULT_LIMIT,
      (key) => settle(store, key) !== undefined,
    );
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...members };
  },
});
