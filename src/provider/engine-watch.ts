import { connect } from 'node:net';

/** Dependencies of the watch. */
export interface WatchContext {
  /** Whether the engine listens. */
  readonly isThere: (address: string) => Promise<boolean>;
  /** Repeats a call, without keeping the process alive. */
  readonly repeat: (look: () => void, milliseconds: number) => void;
  readonly end: () => void;
}

// Two, because a busy machine can miss one. Together they take less than a minute.
const LOOK_MILLISECONDS = 20_000;
const MISSES = 2;

/**
 * Ends the provider process when its engine no longer answers. A CLI that is killed does not end its processes, which
 * have material in memory.
 *
 * @param address - `host:port` of the engine, as it passes it to its plugins; any other text is not watched
 */
export function watchEngine(address: string | undefined, context: WatchContext = REAL): void {
  if (address === undefined || !/^[\w.-]+:\d{1,5}$/.test(address)) return;
  let missed = 0;
  context.repeat(() => {
    void context.isThere(address).then((isThere) => {
      missed = isThere ? 0 : missed + 1;
      if (missed >= MISSES) context.end();
    });
  }, LOOK_MILLISECONDS);
}

const REAL: WatchContext = {
  isThere: (address) =>
    new Promise((resolve) => {
      const [host = '', port = ''] = address.split(':');
      const socket = connect({ host, port: Number(port) });
      const settle = (isThere: boolean) => () => {
        socket.destroy();
        resolve(isThere);
      };
      socket.once('connect', settle(true)).once('error', settle(false));
      socket.unref();
    }),
  repeat: (look, milliseconds) => {
    setInterval(look, milliseconds).unref();
  },
  end: () => process.exit(1),
};
