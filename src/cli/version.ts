/** Returns whether a version is at least another. Ignores everything after a hyphen. */
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
