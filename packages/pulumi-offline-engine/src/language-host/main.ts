import { CHANNEL_OPTIONS, loadSdk } from '../engine/sdk';
import { languageService } from './service';

/** How often the host looks whether the engine that started it is still there. */
const ORPHAN_CHECK_MS = 1_000;

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, ORPHAN_CHECK_MS).unref();

// A signal ends a process without its handlers of exit, which end the programs and plugins that it started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit());
}

const sdk = loadSdk(__dirname);
const server = new sdk.grpc.Server(CHANNEL_OPTIONS);
const { definition, implementation } = languageService(sdk, engineAddressOf(process.argv));
server.addService(definition, implementation);
server.bindAsync('127.0.0.1:0', sdk.grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
});

// Flags are those of Pulumi's own host, such as `-root=FOLDER`, and say nothing that a request does not.
function engineAddressOf(argv: readonly string[]): string {
  return argv.slice(2).find((argument) => !argument.startsWith('-')) ?? '';
}
