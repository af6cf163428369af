import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Message of a server in a child process when it listens. */
export interface Started {
  readonly port: number;
  /** Time of the start, without loading its modules. */
  readonly milliseconds: number;
}

/** Memory and processor time of a process. */
export interface Usage {
  /** Current resident set. */
  readonly bytes: number;
  /** Processor time of all threads since the start. */
  readonly cpuSeconds: number;
}

/** A server in a process of its own. */
interface Child extends Started {
  readonly pid: number;
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
    pid: child.pid ?? Number.NaN,
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

/** Reports to the parent process that this server listens, and then answers its messages. */
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
