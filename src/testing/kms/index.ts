export { ManualClock } from './clock';
export { KmsError } from './errors';
export { startKms } from './start';

export type { RecordedCall } from './call-log';
export type { KmsClock } from './clock';
export type { Fault, FaultRule } from './faults';
export type { CallEvent, KmsOptions } from './options';
export type { QuotaOptions } from './quotas';
export type { RandomSource } from './random';
export type { Seed, SeedKey, SeedMaterial } from './seed';
export type { KmsSnapshot } from './snapshot';
export type { EmbeddedKms } from './start';
