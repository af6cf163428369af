import { memberOf, propertiesOf, textOf } from '../property';
import { CRYPTOPERIODS, stackRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { decided } from '../stack/decided';
import { KeyIndex } from '../stack/key-index';

/** Requires that material is rotated. */
export const materialAge = stackRule({
  id: 'byok-material-age',
  sentence: 'The current material of a key is not older than the maximum.',
  why: 'KMS cannot rotate imported material by itself. A renewal imports the same bytes again; only new material limits how much data one secret protects.',
  fix: 'Import new material and rotate to it on demand (symmetric keys), or move to a new key (all others).',
  severity: 'medium',
  tags: ['rotation'],
  framework: CRYPTOPERIODS,
  settings: {
    maximum: duration('365d', 'Maximum age, counted from the first import into the key.'),
  },
  *check(resources, { maximum }, now) {
    const { materials } = new KeyIndex(resources);
    const limit = secondsOf(maximum);
    yield* decided(materials, function* (resource) {
      const props = propertiesOf(resource);
      // KMS keeps earlier material for ever, so that what it encrypted can be decrypted.
      if (textOf(props.keyMaterialState) === 'NON_CURRENT') return;
      const receipt = props.importReceipt;
      const since =
        textOf(memberOf(receipt, 'firstImportedAt')) ?? textOf(memberOf(receipt, 'importedAt'));
      if (since !== undefined && (now.getTime() - Date.parse(since)) / 1000 > limit) {
        yield {
          resource,
          message: `It was imported more than ${maximum} ago: rotate to new material.`,
        };
      }
    });
  },
});
