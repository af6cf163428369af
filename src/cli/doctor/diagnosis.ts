/** What one check found. */
export interface Diagnosis {
  /** What was looked at. */
  readonly name: string;
  readonly verdict: 'ok' | 'problem' | 'warning' | 'skipped';
  /** What is there. */
  readonly found: string;
  /** What to do; with a problem or a warning. */
  readonly remedy?: string;
}

/** Whether a version is at least another; what follows a hyphen is ignored. */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) =>
    (text.replace(/^v/, '').split('-')[0] ?? '').split('.').map(Number),
  );
  for (const index of [0, 1, 2]) {
    const difference = (have?.[index] ?? 0) - (want?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
