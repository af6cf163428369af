/** Outcomes of a command. The numbers never change. */
export const EXIT = {
  /** The command did its work and found nothing to do. */
  ok: 0,
  /** The command could not do its work; stderr has the reason. */
  error: 1,
  /** The command did its work, and found something that needs action. */
  attention: 2,
} as const;

/** One of the numbers of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
