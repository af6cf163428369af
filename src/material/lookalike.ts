import type { ImportableKeySpec } from '../domain/key-specs';
import { bareKey } from './bare-key';
import { encodedText } from './encoded-text';
import type { Encoding } from './encoding';
import { foreignKeyFile } from './foreign-key-file';
import type { Lookalike } from './hint';

export { hintOf, type Lookalike } from './hint';

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
