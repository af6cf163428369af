import { customKeyStoreNotFound } from '../errors/custom-key-store-errors';
import { notBoth } from '../errors/usage-errors';
import { LIMIT, MARKER } from './shared/common-shapes';
import { CUSTOM_KEY_STORE_ID, CUSTOM_KEY_STORE_NAME } from './shared/custom-key-store';
import { operation } from './shared/operation';
import { assertNoMarker } from './shared/paging';

/** DescribeCustomKeyStores, as on an account that has no custom key store. */
export const describeCustomKeyStores = operation({
  types: {
    CustomKeyStoreId: CUSTOM_KEY_STORE_ID,
    CustomKeyStoreName: CUSTOM_KEY_STORE_NAME,
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(_context, input) {
    const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
    if (id !== undefined && name !== undefined) {
      throw notBoth('CustomKeyStoreId', 'CustomKeyStoreName');
    }
    const wanted = id ?? name;
    if (wanted !== undefined) throw customKeyStoreNotFound(wanted);
    assertNoMarker(input);
    return { CustomKeyStores: [], Truncated: false };
  },
});
