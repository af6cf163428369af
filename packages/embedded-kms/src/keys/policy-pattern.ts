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
