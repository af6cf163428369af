import type { EventEmitter } from 'node:events';
import type { ManagedProcess } from '../engine/managed-process';

/** Returns a signal that fires when the caller cancels the call, or its process ends. */
export function cancellationOf(call: EventEmitter): AbortSignal {
  const cancelled = new AbortController();
  call.once('cancelled', () => {
    cancelled.abort();
  });
  return cancelled.signal;
}

/** Ends a process when the call that started it is cancelled, now or later. */
export function stopWhenCancelled(process: ManagedProcess, cancelled: AbortSignal): void {
  const stop = (): void => {
    void process.stop();
  };
  if (cancelled.aborted) stop();
  else cancelled.addEventListener('abort', stop, { once: true });
}
