import type { PolicyResource } from '@pulumi/policy';
import * as z from 'zod';
import { typesOf } from '../../domain/type-tokens';
import { stackRule } from '../rule';
import { KeyIndex } from '../stack/key-index';
import { decided } from '../stack/decided';

/** Requires that the aws provider ignores the properties of a key that an import changes. */
export const ignoreChanges = stackRule({
  id: 'byok-ignore-changes',
  sentence: 'A key whose material is imported here ignores the changes that an import makes.',
  why: 'After an import with an expiry, a refresh records validTo on the key. The aws provider then tries to undo this by importing empty material, and every update fails. With enabled set, every preview shows a change.',
  fix: "Give the key the option ignoreChanges: ['validTo', 'enabled']. ImportedKey does this itself, except for enabled if the program sets it.",
  severity: 'high',
  tags: ['availability'],
  settings: {
    properties: z
      .array(z.string())
      .default(['validTo', 'enabled'])
      .describe('Properties that ignoreChanges of the key has to name.'),
  },
  *check(resources, { properties }) {
    const index = new KeyIndex(resources);
    const judged = new Set<string>();
    yield* decided(index.materials, function* (material) {
      const key = index.resourceOf(index.keyOfMaterial(material));
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

// ImportedKey leaves `enabled` out of its list only if the program sets it. Then the program decides
// whether the key is enabled.
function isOfImportedKey({ urn }: PolicyResource): boolean {
  const type = urn.split('::')[2] ?? '';
  return typesOf('ImportedKey').some((component) => type.includes(`${component}$`));
}
