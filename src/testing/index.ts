export { KmsError, ManualClock, startKms } from './kms/index';
export { OfflineStack } from './engine/index';
export { searchMaterial } from './material-search';

export type {
  CallEvent,
  Fault,
  FaultRule,
  EmbeddedKms,
  KmsClock,
  KmsOptions,
  KmsSnapshot,
  QuotaOptions,
  RandomSource,
  RecordedCall,
  Seed,
  SeedKey,
  SeedMaterial,
} from './kms/index';
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
