import { join } from 'node:path';
import { copyIn } from '../domain/package-copy';
import { ByokError } from '../errors';
import { createProcessContext } from '../provider/process-context';
import { EngineLog } from './engine-log';
import { protocol } from './pulumi-sdk';
import { createProviders } from './resources';
import { resourceProvider } from './service';

const ROOT = join(__dirname, '..', '..');
// As large as the messages of Pulumi's own plugins.
const MESSAGE_LIMIT_BYTES = 400 * 1024 * 1024;

/** How the plugin is installed. */
interface Installation {
  readonly version: string;
  /** Path of the schema of the package. */
  readonly schema: string;
}

/**
 * Serves the plugin, and prints the port of its service as the first line, as the engine expects.
 *
 * @param installation - default: that of the npm package
 */
export async function main(
  engine: string | undefined,
  { version, schema }: Installation = inPackage(),
): Promise<void> {
  const log = new EngineLog();
  if (engine !== undefined) log.connect(engine);
  const cancelled = new AbortController();
  const context = createProcessContext({
    engine,
    tell: (line) => {
      log.info(line);
    },
    warn: (line) => {
      log.warning(line);
    },
    cancelled: cancelled.signal,
  });
  let config: (key: string) => string | undefined = () => undefined;
  const { grpc, providerRpc } = protocol;
  const server = new grpc.Server({ 'grpc.max_receive_message_length': MESSAGE_LIMIT_BYTES });
  server.addService(
    providerRpc.ResourceProviderService,
    resourceProvider({
      providers: createProviders(context, (key) => config(key)),
      log,
      engine,
      version,
      schema,
      configure: (configured) => {
        config = configured;
      },
      cancel: () => {
        cancelled.abort(
          new ByokError(
            'CANCELLED',
            'the update was cancelled while it waited: run it again, which continues where this one stopped',
          ),
        );
      },
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  process.stdout.write(`${port}\n`);
}

function inPackage(): Installation {
  return { version: copyIn(ROOT).version, schema: join(ROOT, 'plugin', 'schema.json') };
}
