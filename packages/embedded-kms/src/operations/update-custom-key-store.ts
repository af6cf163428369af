import { customKeyStoreNotFound } from '../errors/custom-key-store-errors';
import {
  CUSTOM_KEY_STORE_ID,
  CUSTOM_KEY_STORE_MEMBERS,
  CUSTOM_KEY_STORE_NAME,
} from './shared/custom-key-store';
import { operation } from './shared/operation';

/** UpdateCustomKeyStore, as on an account that has no custom key store. */
export const updateCustomKeyStore = operation({
  types: {
    ...CUSTOM_KEY_STORE_MEMBERS,
    CustomKeyStoreId: { ...CUSTOM_KEY_STORE_ID, required: true },
    NewCustomKeyStoreName: CUSTOM_KEY_STORE_NAME,
  },
  run(_context, { CustomKeyStoreId: id }) {
    throw customKeyStoreNotFound(id);
  },
});
