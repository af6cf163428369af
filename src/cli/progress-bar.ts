import { SingleBar, Presets } from 'cli-progress';
import { isInteractive, type Io } from './io';
import type { Progress } from './status/read-keys';

const LINE_EVERY = 1000;

/** Progress on stderr: a bar on a terminal, otherwise a line for every thousand. */
export interface ProgressBar extends Progress {
  stop(): void;
}

/**
 * Shows progress on stderr.
 *
 * @param what - the things that are counted, such as `keys`
 */
export function showProgress(what: string, { stderr, env }: Io): ProgressBar {
  return isInteractive(stderr, env) ? bar(what, stderr) : lines(what, stderr);
}

function bar(what: string, stream: NodeJS.WritableStream): ProgressBar {
  const shown = new SingleBar(
    {
      stream,
      format: `{bar} {value} of {total} ${what}, {eta_formatted} left`,
      hideCursor: true,
      clearOnComplete: true,
      // Restores the cursor on an interrupt, and lets the process end.
      gracefulExit: true,
    },
    Presets.shades_classic,
  );
  let total = 0;
  return {
    found: (count) => {
      if (total === 0) shown.start(count, 0);
      total += count;
      shown.setTotal(total);
    },
    read: () => {
      shown.increment();
    },
    stop: () => {
      shown.stop();
    },
  };
}

function lines(what: string, stream: NodeJS.WritableStream): ProgressBar {
  let total = 0;
  let done = 0;
  return {
    found: (count) => {
      total += count;
    },
    read: () => {
      done += 1;
      if (done % LINE_EVERY === 0) stream.write(`read ${done} of ${total} ${what}\n`);
    },
    stop: () => undefined,
  };
}
