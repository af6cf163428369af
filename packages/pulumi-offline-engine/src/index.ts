export { OfflineStack } from './engine/index';
export { searchMaterial } from './material-search';

export type {
  ConfigInput,
  OfflineStackOptions,
  OfflineState,
  Operation,
  PendingOperation,
  ResourceState,
  RunReport,
  StepReport,
} from './engine/index';
