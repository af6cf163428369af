import { LIMIT, MARKER } from './shared/common-shapes';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { assertNoMarker, page } from './shared/paging';

const DEFAULT_LIMIT = 100; // API reference, ListKeys

/** ListKeys, in the order of creation; AWS guarantees no order. No account shares keys through RAM here. */
export const listKeys = operation({
  types: {
    Limit: LIMIT,
    Marker: MARKER,
    ResourceOwners: {
      type: 'list',
      member: { type: 'string', enum: ['SELF', 'OTHER_ACCOUNTS_VIA_RAM'] },
      min: 1,
      max: 2,
    },
  },
  run(context, input) {
    if (input.ResourceOwners?.includes('SELF') === false) {
      assertNoMarker(input);
      return { Keys: [], Truncated: false };
    }
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
