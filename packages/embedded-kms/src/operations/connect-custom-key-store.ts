import { operationOnCustomKeyStore } from './shared/custom-key-store';

/** ConnectCustomKeyStore, as on an account that has no custom key store. */
export const connectCustomKeyStore = operationOnCustomKeyStore;
