import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps every processor busy with processes that do nothing else, until the returned function is called. */
export function loadProcessors(): () => void {
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['--eval', 'for (;;);'], { stdio: 'ignore' }),
  );
  const release = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', release);
  return () => {
    process.off('exit', release);
    release();
  };
}
