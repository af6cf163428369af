import * as z from 'zod';
import { SOURCE_KINDS } from '../../domain/source-kinds';
import { memberOf, textOf } from '../property';
import { typesOf } from '../../domain/type-tokens';
import { resourceRule } from '../rule';

/** Limits where material may come from. */
export const allowedSources = resourceRule({
  id: 'byok-allowed-sources',
  sentence: 'Key material, and the passphrase that opens it, comes from an allowed source.',
  why: 'Inline material is in the program or its configuration, in the logs of a debug run and in the memory of the engine. Every process on the runner can read an environment variable.',
  fix: 'Take the material from one of the allowed sources. This does not change what is already imported, because the bytes stay the same.',
  severity: 'high',
  tags: ['secrets'],
  types: typesOf('ImportedKeyMaterial'),
  settings: {
    sources: z
      .array(z.enum(SOURCE_KINDS))
      .default(SOURCE_KINDS.filter((source) => source !== 'inline'))
      .describe('Sources that material may come from.'),
  },
  *check({ props }, { sources }) {
    const allowed = (kind: unknown): boolean => sources.some((source) => source === kind);
    const source = props.materialSource as unknown;
    const kind = textOf(memberOf(source, 'kind'));
    if (kind !== undefined && !allowed(kind)) {
      yield `Its material comes from a kind of source that is not allowed: use ${sources.join(', ')}.`;
    }
    const passphrase = textOf(memberOf(memberOf(source, 'passphrase'), 'kind'));
    if (passphrase !== undefined && !allowed(passphrase)) {
      yield `Its passphrase comes from a kind of source that is not allowed: use ${sources.join(', ')}.`;
    }
  },
});
