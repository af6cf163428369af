export { ManualClock } from './clock';
export { KmsError } from './errors';
export { startKms } from './start';

export type { RecordedCall } from './call-log';
export type { KmsClock } from './clock';
export type { Fault, FaultRule } from './faults';
export type { CallEvent, KmsOptions } from './options';
export type { RandomSource } from './random';
export type { Kms } from './start';
