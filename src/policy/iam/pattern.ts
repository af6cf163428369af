/** One place of a pattern: a given character, or one of a class; once, or any number of times. */
interface Place {
  readonly literal: string | undefined;
  /** Whether the class has a character. */
  readonly admits: (character: string) => boolean;
  readonly repeats: boolean;
}

/** A set of texts. */
export type Pattern = readonly Place[];

const anything = (): boolean => true;

// A policy variable can have any value; ${*}, ${?} and ${$} are the characters themselves (IAM User
// Guide, reference_policies_variables).
const IAM_PARTS = /\$\{[*?$]\}|\$\{[^}]*\}|[^]/gu;

/**
 * Reads a text in which `*` is any number of characters and `?` is exactly one, as IAM does. A `*` also
 * matches `:` and `/`. The IAM User Guide (reference_policies_elements_resource) says so of a `*` at
 * the end of a segment. This treats every `*` the same, so it matches too much rather than too little.
 * Case matters, as in ARNs.
 */
export function patternOf(text: string): Pattern {
  return (text.match(IAM_PARTS) ?? []).map((part) => {
    if (part === '*') return { literal: undefined, admits: anything, repeats: true };
    if (part === '?') return { literal: undefined, admits: anything, repeats: false };
    if (/^\$\{[*?$]\}$/.test(part)) return literal(part.charAt(2));
    if (part.length > 2) return { literal: undefined, admits: anything, repeats: true };
    return literal(part);
  });
}

/**
 * Reads an ARN in which `*` and `?` are wildcards. Segments that are left out match anything, so that
 * `arn:aws:kms` and `*` match the ARN of every key.
 */
export function arnPatternOf(text: string): Pattern {
  const missing = 6 - text.replace(/\$\{[^}]*\}/g, '').split(':').length;
  return patternOf(text + ':*'.repeat(Math.max(missing, 0)));
}

const SHAPES: Readonly<Record<string, Place>> = {
  '*': { literal: undefined, admits: anything, repeats: true },
  '@': { literal: undefined, admits: (character) => character !== ':', repeats: true },
  '~': { literal: undefined, admits: (character) => !/[:/]/.test(character), repeats: true },
  '^': { literal: undefined, admits: () => false, repeats: false },
  '%': { literal: undefined, admits: (character) => /[^A-Za-z0-9]/.test(character), repeats: true },
};

/**
 * Describes texts to compare patterns with: `*` is any text, `@` any text
 * without `:`, `~` any text without `:` and `/`, `%` any
 * text without letters and digits that the pattern spells out, and `^` is one character that the
 * pattern does not spell out, so it has a wildcard there.
 */
export function shapeOf(text: string): Pattern {
  return Array.from(text, (character) => SHAPES[character] ?? literal(character));
}

/** Describes one text. */
export function exactly(text: string): Pattern {
  return Array.from(text, literal);
}

/** Returns whether a text has wildcards or policy variables, or lacks segments of an ARN. */
export function isPattern(arn: string): boolean {
  return /[*?]|\$\{/.test(arn) || arn.split(':').length < 6;
}

/** Returns whether there is a text that both patterns match. */
export function overlap(one: Pattern, other: Pattern): boolean {
  const width = other.length + 1;
  // For each pair of positions, whether some text leads to both.
  const reached = new Uint8Array((one.length + 1) * width);
  reached[0] = 1;
  for (let i = 0; i <= one.length; i += 1) {
    for (let j = 0; j <= other.length; j += 1) {
      if (reached[i * width + j] === 0) continue;
      const a = one[i];
      const b = other[j];
      if (a?.repeats === true) reached[(i + 1) * width + j] = 1;
      if (b?.repeats === true) reached[i * width + j + 1] = 1;
      if (a !== undefined && b !== undefined && shareCharacter(a, b)) {
        reached[(a.repeats ? i : i + 1) * width + (b.repeats ? j : j + 1)] = 1;
      }
    }
  }
  return reached[one.length * width + other.length] === 1;
}

/** Returns whether a pattern matches a text. */
export function matches(pattern: Pattern, text: string): boolean {
  return overlap(pattern, exactly(text));
}

function literal(character: string): Place {
  return { literal: character, admits: (other) => other === character, repeats: false };
}

function shareCharacter(a: Place, b: Place): boolean {
  if (a.literal !== undefined) return b.admits(a.literal);
  if (b.literal !== undefined) return a.admits(b.literal);
  return true;
}
