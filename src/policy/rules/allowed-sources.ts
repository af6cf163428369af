import { z } from 'zod';
import { SOURCE_KINDS } from '../../domain/source-kinds';
import { memberOf, textOf } from '../property';
import { IMPORTED_KEY_MATERIAL } from '../../domain/type-tokens';
import { resourceRule } from '../rule';

/** Says where material may come from. */
export const allowedSources = resourceRule({
  id: 'byok-allowed-sources',
  sentence: 'Key material, and the passphrase that opens it, comes from an allowed source.',
  why: 'Inline material is in the program or its configuration, in the logs of a debug run and in the memory of the engine. A variable is visible to every process of the runner.',
  fix: 'Take the material from one of the allowed sources. What is imported already does not change: the bytes stay the same.',
  severity: 'high',
  tags: ['secrets'],
  types: [IMPORTED_KEY_MATERIAL],
  settings: z.object({
    sources: z
      .array(z.enum(SOURCE_KINDS))
      .default(SOURCE_KINDS.filter((source) => source !== 'inline'))
      .describe('The sources that material may come from.'),
  }),
  *check({ props }, { sources }) {
    const allowed = (kind: unknown): boolean => sources.some((source) => source === kind);
    const source = props.materialSource as unknown;
    const kind = textOf(memberOf(source, 'kind'));
    if (kind !== undefined && !allowed(kind)) {
      yield `The kind of its source is not allowed: use ${sources.join(', ')}.`;
    }
    const passphrase = textOf(memberOf(memberOf(source, 'passphrase'), 'kind'));
    if (passphrase !== undefined && !allowed(passphrase)) {
      yield `The kind of source of its passphrase is not allowed: use ${sources.join(', ')}.`;
    }
  },
});
