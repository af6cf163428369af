import { randomBytes } from 'node:crypto';
import type { ProviderContext } from './context';
import { createProvider } from './imported-key-material/provider';
import { createRotationProvider } from './on-demand-rotation/provider';
import type { DynamicProvider } from './protocol';
import { watchEngine } from './engine-watch';
import { realSleep } from './wait';
import { SharedRunRegistry } from './run-registry';
import { PlaintextCache } from './imported-key-material/read-material';
import type { KmsConnection } from '../aws/index';

const plaintexts = new PlaintextCache();

// The host shows each line of stdout as a message of the update.
const tell = (line: string): void => {
  console.log(line);
};
// `check` and each import read the file, once for each Region.
const warned = new Set<string>();
const warn = (line: string): void => {
  if (!warned.has(line)) tell(line);
  warned.add(line);
};
// The engine passes its own address to each of its provider processes. No other run has it at the same time.
const runRegistry = new SharedRunRegistry(process.argv[2] ?? String(process.pid));

watchEngine(process.argv[2]);

// Nothing uses the material of a preview, or of an update without changes.
process.once('exit', () => {
  plaintexts.clear();
});

const context: ProviderContext = {
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
  runRegistry,
  tell,
  warn,
};

/**
 * The dynamic provider of `ImportedKeyMaterial`. The state of every stack names this subpath and this
 * export, so neither can ever be renamed.
 */
export const provider: DynamicProvider = createProvider(context);

/** The dynamic provider of `OnDemandRotation`, whose name cannot change either. */
export const rotationProvider: DynamicProvider = createRotationProvider(context);

/**
 * The dynamic provider of the record that an `ImportedKey` keeps of its materials, whose name cannot change
 * either.
 */
export { materialListProvider } from './material-list/provider';

let loaded: ReturnType<typeof startKms> | undefined;

// The first call to AWS loads the AWS SDK: previews and updates without changes never do.
function loadKms() {
  return (loaded ??= startKms());
}

async function startKms() {
  const kms = await import('../aws/index.js');
  return { kms, pacing: new kms.Pacing({ say: tell }) };
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
