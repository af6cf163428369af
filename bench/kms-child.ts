import { fork } from 'node:child_process';
import { once } from 'node:events';

/** What a server in a child process says of itself when it listens. */
export interface Started {
  readonly port: number;
  /** What it took to start, after its modules were loaded. */
  readonly milliseconds: number;
}

/** What a process has used. */
export interface Usage {
  /** Its resident set now. */
  readonly bytes: number;
  /** Time on processors, of all its threads, since it began. */
  readonly cpuSeconds: number;
}

/** A server in a process of its own. */
interface Child extends Started {
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/**
 * Runs a program that sends {@link Started}, answers every message with its
 * {@link Usage}, and ends when it is disconnected.
 */
export async function startChild(program: string, argument = ''): Promise<Child> {
  const child = fork(program, [argument]);
  const exited = once(child, 'exit');
  const said = async <T>(): Promise<T> => {
    const ended = exited.then(() => {
      throw new Error(`${program} ended`);
    });
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
    return message;
  };
  const started = await said<Started>();
  return {
    ...started,
    usage() {
      child.send('usage');
      return said<Usage>();
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}

/** The other side: says that the server of this process listens, and answers from then on. */
export function reportStarted(started: Started): void {
  process.on('message', () => process.send?.(usage()));
  process.on('disconnect', () => {
    process.exit();
  });
  process.send?.(started);
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { bytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
}
