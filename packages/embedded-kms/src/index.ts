export { ManualClock } from './state/clock';
export { KmsError } from './errors/kms-error';
export { startKms } from './start';

export type { RecordedCall } from './http/call-log';
export type { KmsClock } from './state/clock';
export type { Fault, FaultRule } from './http/faults';
export type { CallEvent, KmsOptions } from './options';
export type { QuotaOptions } from './http/quotas';
export type { RandomBytes } from './crypto/random';
export type { Seed, SeedKey, SeedMaterial } from './seed';
export type { KmsSnapshot } from './state/snapshot';
export type { EmbeddedKms } from './start';
