import type { ConfigEntry } from './config';
import type { Gate } from './gate';
import type { ProviderRegistry } from './provider-registry';
import type { RunLog } from './run-log';
import type { Snapshot } from './snapshot';

/** The parts of one run that all of its steps share. */
export interface RunContext {
  readonly stackName: string;
  readonly projectName: string;
  readonly config: readonly ConfigEntry[];
  readonly preview: boolean;
  readonly snapshot: Snapshot;
  readonly providers: ProviderRegistry;
  readonly log: RunLog;
  /** Limits how many provider calls happen at the same time. */
  readonly calls: Gate;
}
