import { servePlugin } from '../engine/grpc-server';
import { loadSdk } from '../engine/sdk';
import { languageService } from './service';

/** How often the host checks that the engine that started it still runs. */
const ORPHAN_CHECK_MS = 1_000;

const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit();
}, ORPHAN_CHECK_MS).unref();

// A signal ends a process without its exit handlers, which end the programs and plugins that it started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit());
}

const sdk = loadSdk(__dirname);
const { definition, implementation } = languageService(sdk, engineAddressOf(process.argv));
void servePlugin(sdk, [definition, implementation]);

// Flags, such as `-root=FOLDER`, are for Pulumi's own host. Each request contains the same information.
function engineAddressOf(argv: readonly string[]): string {
  return argv.slice(2).find((argument) => !argument.startsWith('-')) ?? '';
}
