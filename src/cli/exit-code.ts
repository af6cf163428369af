/** How a command ended. The numbers never change. */
export const EXIT = {
  /** It did its work, and all is well. */
  ok: 0,
  /** It could not do its work; stderr says why. */
  error: 1,
  /** It did its work, and what it found needs somebody. */
  attention: 2,
} as const;

/** One of the numbers of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
