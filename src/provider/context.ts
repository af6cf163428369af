import type { KmsClient, KmsConnection } from '../aws/index';
import type { AwsSecrets } from '../material/aws-secrets';
import type { RandomBytes } from '../material/material';
import type { ProcessContext } from '../material/source';
import type { PlaintextCache } from './imported-key-material/read-material';
import type { RunRegistry } from './run-registry';
import type { Sleep } from './wait';

/** Dependencies of the provider, so that tests can replace them. */
export interface ProviderContext extends ProcessContext {
  readonly connect: (connection: KmsConnection) => Promise<KmsClient>;
  readonly connectSecrets: (connection: KmsConnection) => Promise<AwsSecrets>;
  readonly now: () => Date;
  readonly random: RandomBytes;
  readonly sleep: Sleep;
  readonly plaintexts: PlaintextCache;
  /** The resources that this run declares, in all its processes. */
  readonly runRegistry: RunRegistry;
  /** Shows one line to the user, also in a preview. */
  readonly tell: (line: string) => void;
  /** Aborts when the engine cancels the run. */
  readonly cancelled?: AbortSignal | undefined;
}
