import { connect } from 'node:net';

/** What the watch reaches for. */
export interface WatchContext {
  /** Says whether the engine listens. */
  readonly isThere: (address: string) => Promise<boolean>;
  /** Calls again and again, without keeping the process alive. */
  readonly repeat: (look: () => void, milliseconds: number) => void;
  readonly end: () => void;
}

// Twice, because a machine can be too busy for one answer; together less than a minute.
const LOOK_MILLISECONDS = 20_000;
const MISSES = 2;

/**
 * Ends a provider process whose engine is gone: a CLI that was killed ends none of its processes, and their
 * memory holds material.
 *
 * @param address - `host:port` of the engine, as it gives it to its plugins; others are not watched
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
