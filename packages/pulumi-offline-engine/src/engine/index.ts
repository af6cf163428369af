export { OfflineStack } from './engine';

export type {
  ConfigInput,
  OfflineStackOptions,
  Operation,
  RunReport,
  StepReport,
} from './contract';
export type { OfflineState, PendingOperation, ResourceState } from './state';
