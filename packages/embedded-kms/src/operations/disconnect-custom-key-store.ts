import { operationOnCustomKeyStore } from './shared/custom-key-store';

/** DisconnectCustomKeyStore, as on an account that has no custom key store. */
export const disconnectCustomKeyStore = operationOnCustomKeyStore;
