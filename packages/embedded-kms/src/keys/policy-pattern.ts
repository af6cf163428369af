/** Whether a pattern of IAM matches a text: `*` is any text, `?` is one character (IAM User Guide). */
export function matchesPattern(pattern: string, text: string): boolean {
  // Greedy with one way back, so that no pattern takes exponential time.
  let [at, from] = [0, 0];
  let [star, resumed] = [-1, 0];
  while (from < text.length) {
    if (pattern[at] === '*') {
      [star, resumed] = [at, from];
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      resumed += 1;
      [at, from] = [star + 1, resumed];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

const SEGMENTS = 6; // arn:partition:service:region:account:resource

/**
 * Whether a pattern of an ARN matches an ARN. A wildcard stays within its segment, and only the last segment of the
 * pattern goes on beyond it (IAM User Guide, ARN operators and the element Resource).
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const patterns = pattern.split(':');
  const last = Math.min(patterns.length, SEGMENTS) - 1;
  const segments = arn.split(':');
  const isRest = matchesPattern(patterns.slice(last).join(':'), segments.slice(last).join(':'));
  return (
    isRest &&
    patterns.slice(0, last).every((each, index) => matchesPattern(each, segments[index] ?? ''))
  );
}
