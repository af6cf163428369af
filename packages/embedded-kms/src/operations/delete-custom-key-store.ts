import { operationOnCustomKeyStore } from './shared/custom-key-store';

/** DeleteCustomKeyStore, as on an account that has no custom key store. */
export const deleteCustomKeyStore = operationOnCustomKeyStore;
