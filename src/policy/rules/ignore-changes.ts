import type { PolicyResource } from '@pulumi/policy';
import { z } from 'zod';
import { IMPORTED_KEY } from '../../domain/type-tokens';
import { stackRule } from '../rule';
import { KeyIndex } from '../stack/key-index';
import { decided } from '../stack/decided';

/** Demands that the aws provider leaves alone what an import changes on its key. */
export const ignoreChanges = stackRule({
  id: 'byok-ignore-changes',
  sentence: 'A key whose material is imported here ignores the changes that an import makes.',
  why: 'After an import with an expiry, a refresh records validTo on the key. The aws provider then tries to take it back by importing empty material, and every update fails; with enabled set it never comes to rest.',
  fix: "Give the key the option ignoreChanges: ['validTo', 'enabled']. ImportedKey does so itself, but for enabled where the program gives it.",
  severity: 'high',
  tags: ['availability'],
  settings: z.object({
    properties: z
      .array(z.string())
      .default(['validTo', 'enabled'])
      .describe('What ignoreChanges of the key has to name.'),
  }),
  *check(resources, { properties }) {
    const index = new KeyIndex(resources);
    const keys = new Map(index.keys.map((key) => [key.urn, key]));
    const judged = new Set<string>();
    yield* decided(index.materials, function* (material) {
      const key = keys.get(index.keyOfMaterial(material));
      if (key === undefined || judged.has(key.urn)) return;
      judged.add(key.urn);
      const ignored = key.opts.ignoreChanges;
      const isOfComponent = isOfImportedKey(key);
      const missing = properties.filter(
        (property) =>
          !ignored.includes('*') &&
          !ignored.includes(property) &&
          !(isOfComponent && property === 'enabled'),
      );
      if (missing.length > 0) {
        yield {
          resource: key,
          message: `ignoreChanges lacks ${missing.join(' and ')}: add ${missing.length === 1 ? 'it' : 'them'} to the options of the key.`,
        };
      }
    });
  },
});

// ImportedKey leaves `enabled` out of its list where, and only where, the program gives it: then the
// program decides whether the key is enabled.
function isOfImportedKey({ urn }: PolicyResource): boolean {
  return urn.split('::')[2]?.includes(`${IMPORTED_KEY}$`) === true;
}
