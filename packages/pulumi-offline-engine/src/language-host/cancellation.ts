import type { EventEmitter } from 'node:events';
import type { ManagedProcess } from '../engine/managed-process';

/** Returns the signal of the end of a call by its caller, or by the end of the caller's process. */
export function cancellationOf(call: EventEmitter): AbortSignal {
  const cancelled = new AbortController();
  call.once('cancelled', () => {
    cancelled.abort();
  });
  return cancelled.signal;
}

/** Ends a process when the call that started it is cancelled, or has been already. */
export function stopWhenCancelled(process: ManagedProcess, cancelled: AbortSignal): void {
  const stop = (): void => {
    void process.stop();
  };
  if (cancelled.aborted) stop();
  else cancelled.addEventListener('abort', stop, { once: true });
}
