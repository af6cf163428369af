import { randomBytes } from 'node:crypto';
import { createProvider, type ProviderContext } from './provider';
import { createRotationProvider } from './rotation-provider';
import { realSleep } from './operation';
import { Vault } from './vault';
import type { KmsConnection } from '../kms/index';

const vault = new Vault();

// What a preview or an update without changes has received is used by nobody.
process.once('exit', () => {
  vault.clear();
});

const context: ProviderContext = {
  connect: remembered(async (connection) => (await loadKms()).connect(connection)),
  connectSecrets: async (connection) => (await loadKms()).connectSecrets(connection),
  now: () => new Date(),
  random: randomBytes,
  sleep: realSleep,
  env: process.env,
  vault,
  tell: (line) => {
    // The host shows each line of stdout as a message of the update.
    console.log(line);
  },
};

/**
 * The dynamic provider of `ImportedKeyMaterial`. The state of every stack names this subpath and this
 * export, so neither is ever renamed.
 */
export const provider = createProvider(context);

/** The dynamic provider of `OnDemandRotation`; named for ever too. */
export const rotationProvider = createRotationProvider(context);

// The AWS SDK is loaded by the first call that needs it: a preview or an update without changes
// never does.
function loadKms() {
  return import('../kms/index.js');
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
