/** Something that bytes look like, if they are not the material that they should be. */
export interface Lookalike {
  /** With an article, such as `a Java keystore`. */
  readonly what: string;
  /** Says how to make material of it: an input to set, or one command. Never repeats what was read. */
  readonly remedy: string;
}

/** Returns the part of a message that says what was seen, with a semicolon before it; empty if nothing was. */
export function hintOf(lookalike: Lookalike | undefined): string {
  return lookalike === undefined ? '' : `; it looks like ${lookalike.what}: ${lookalike.remedy}`;
}
