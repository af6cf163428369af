export { OfflineStack } from './engine';

export type { OfflineStackOptions, Operation, RunReport, StepReport } from './contract';
export type { OfflineState } from './state';
