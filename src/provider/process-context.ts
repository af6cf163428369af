import { randomBytes } from 'node:crypto';
import type { KmsConnection } from '../aws/index';
import type { ProviderContext } from './context';
import { watchEngine } from './engine-watch';
import { PlaintextCache } from './imported-key-material/read-material';
import { SharedRunRegistry } from './run-registry';
import { SharedPinAttempts } from './shared-pin-attempts';
import { realSleep } from './wait';

/** The parts of a provider process that depend on how the engine started it. */
export interface ProcessOptions {
  /** `host:port` of the engine. */
  readonly engine: string | undefined;
  /** Shows one line to the user, also in a preview. */
  readonly tell: (line: string) => void;
  /** Shows one line about something that the user should mend. */
  readonly warn: (line: string) => void;
  /** Aborts when the engine cancels the run. */
  readonly cancelled?: AbortSignal;
}

/** Returns the dependencies of the providers of one process. */
export function createProcessContext({
  engine,
  tell,
  warn,
  cancelled,
}: ProcessOptions): ProviderContext {
  const plaintexts = new PlaintextCache();
  // `check` and each import read the file, once for each Region.
  const warned = new Set<string>();

  watchEngine(engine);

  // Nothing uses the material of a preview, or of an update without changes.
  process.once('exit', () => {
    plaintexts.clear();
  });

  let loaded: ReturnType<typeof startKms> | undefined;
  // The first call to AWS loads the AWS SDK: previews and updates without changes never do.
  const loadKms = () => (loaded ??= startKms(tell));

  return {
    connect: remembered(async (connection) => {
      const { kms, pacing } = await loadKms();
      return kms.connect(connection, pacing);
    }),
    connectSecrets: async (connection) => (await loadKms()).kms.connectSecrets(connection),
    now: () => new Date(),
    random: randomBytes,
    sleep: realSleep,
    env: process.env,
    plaintexts,
    // The engine passes its own address to each of its provider processes. No other run has it at the same time.
    runRegistry: new SharedRunRegistry(engine ?? String(process.pid)),
    pinAttempts: new SharedPinAttempts(engine ?? String(process.pid)),
    tell,
    cancelled,
    warn: (line) => {
      if (!warned.has(line)) warn(line);
      warned.add(line);
    },
  };
}

async function startKms(say: (line: string) => void) {
  const kms = await import('../aws/index.js');
  return { kms, pacing: new kms.Pacing({ say }) };
}

function remembered<T>(
  connect: (connection: KmsConnection) => Promise<T>,
): (connection: KmsConnection) => Promise<T> {
  const connections = new Map<string, Promise<T>>();
  return (connection) => {
    const name = JSON.stringify(connection);
    const open = connections.get(name) ?? connect(connection);
    connections.set(name, open);
    return open;
  };
}
