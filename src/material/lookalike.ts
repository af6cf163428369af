import type { ImportableKeySpec } from '../domain/key-specs';
import { bareKey } from './bare-key';
import { encodedText } from './encoded-text';
import type { Encoding } from './encoding';
import { foreignKeyFile } from './foreign-key-file';

/** Something that bytes look like, if they are not the material that they should be. */
export interface Lookalike {
  /** With an article, such as `a Java keystore`. */
  readonly what: string;
  /** Says how to make material of it: an input to set, or one command. Never repeats what was read. */
  readonly remedy: string;
}

/**
 * Returns what content looks like that cannot be used as they are; undefined if it looks like nothing, as random
 * bytes do.
 *
 * @param keySpec - the key spec that the content is for, if it is known
 * @param encoding - that of the source, if the content was decoded from it
 */
export function lookalikeOf(
  content: Buffer,
  keySpec: ImportableKeySpec | undefined,
  encoding: Encoding = 'raw',
): Lookalike | undefined {
  return (
    foreignKeyFile(content) ??
    (keySpec === undefined ? undefined : bareKey(content, keySpec, encoding)) ??
    encodedText(content)
  );
}

/** Returns the part of a message that says what was seen, with a semicolon before it; empty if nothing was. */
export function hintOf(lookalike: Lookalike | undefined): string {
  return lookalike === undefined ? '' : `; it looks like ${lookalike.what}: ${lookalike.remedy}`;
}
