import * as z from 'zod';
import { propertiesOf, textOf } from '../property';
import { stackRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { decided } from '../stack/decided';
import { KeyIndex } from '../stack/key-index';
import { ProductionKeys } from '../stack/production';

/** Requires that material of production keys is not deleted while the key is in use. */
export const deletionGuard = stackRule({
  id: 'byok-deletion-guard',
  sentence: 'Material of a production key is not deleted while the key is in use.',
  why: 'KMS deletes imported material at once. Everything that still uses the key fails from that second, until the same material is imported again.',
  fix: 'Declare deleteUnlessUsedWithin, such as 30d, and run an update: a delete reads it from state.',
  severity: 'high',
  tags: ['availability'],
  settings: {
    words: z
      .array(z.string().min(1))
      .default(['prod', 'production'])
      .describe(
        'What makes a key a production key: the value of a tag, or a word in the name of the key, of its material or of its alias. Capital letters do not matter.',
      ),
    tags: z
      .array(z.string().min(1))
      .default(['environment', 'env', 'stage'])
      .describe('Tags of a key whose value may be one of the words.'),
    minimum: duration('30d', 'Shortest accepted time without a use.'),
  },
  *check(resources, { words, tags, minimum }) {
    const index = new KeyIndex(resources);
    const keys = new ProductionKeys(index, resources, { words, tags });
    yield* decided(index.materials, function* (resource) {
      if (!keys.hasMaterial(resource)) return;
      const guard = textOf(propertiesOf(resource).deleteUnlessUsedWithin);
      if (guard === undefined) {
        yield {
          resource,
          message: `Its key is a production key: declare deleteUnlessUsedWithin, ${minimum} or longer.`,
        };
      } else if (secondsOf(guard) < secondsOf(minimum)) {
        yield { resource, message: `deleteUnlessUsedWithin is shorter than ${minimum}: raise it.` };
      }
    });
  },
});
