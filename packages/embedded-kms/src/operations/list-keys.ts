import { LIMIT, MARKER } from './shared/common-shapes';
import { allKeys } from '../keys/find-key';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 100; // API reference, ListKeys

/** ListKeys, in the order of creation; AWS guarantees no order. */
export const listKeys = operation({
  types: { Limit: LIMIT, Marker: MARKER },
  run(context, input) {
    const { items, members } = page(allKeys(context), input, DEFAULT_LIMIT, ({ id }) => id);
    return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...members };
  },
});
