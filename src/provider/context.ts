import type { KmsClient, KmsConnection } from '../aws/index';
import type { AwsSecrets } from '../material/aws-secrets';
import type { RandomBytes } from '../material/material';
import type { ProcessContext } from '../material/source';
import type { PlaintextCache } from './imported-key-material/read-material';
import type { RunRegistry } from './run-registry';
import type { Sleep } from './wait';

/** Everything that the provider reaches for, so that tests decide about it. */
export interface ProviderContext extends ProcessContext {
  readonly connect: (connection: KmsConnection) => Promise<KmsClient>;
  readonly connectSecrets: (connection: KmsConnection) => Promise<AwsSecrets>;
  readonly now: () => Date;
  readonly random: RandomBytes;
  readonly sleep: Sleep;
  readonly plaintexts: PlaintextCache;
  /** The resources that this run declares, in whatever process. */
  readonly runRegistry: RunRegistry;
  /** Shows one line to the user, in a preview as well. */
  readonly tell: (line: string) => void;
}
