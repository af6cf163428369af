/** Result of one check. */
export interface Diagnosis {
  /** The thing that was checked. */
  readonly name: string;
  readonly verdict: 'ok' | 'problem' | 'warning' | 'skipped';
  /** The state that the check found. */
  readonly found: string;
  /** Remedy; present with a problem or a warning. */
  readonly remedy?: string;
  /** Facts that only `--json` prints. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Returns the result of a check that found nothing wrong. */
export function ok(name: string, found: string): Diagnosis {
  return { name, verdict: 'ok', found };
}

/** Returns the result of a check that could not run, or did not have to. */
export function skipped(name: string, found: string): Diagnosis {
  return { name, verdict: 'skipped', found };
}

/** Returns the result of a check that found something that may go wrong. */
export function warning(name: string, found: string, remedy: string): Diagnosis {
  return { name, verdict: 'warning', found, remedy };
}

/** Returns the result of a check that found something wrong. */
export function problem(name: string, found: string, remedy: string): Diagnosis {
  return { name, verdict: 'problem', found, remedy };
}
