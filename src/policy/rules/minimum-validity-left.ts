import { propertiesOf, textOf } from '../property';
import { stackRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex } from '../stack/key-index';

/** Requires that material is renewed in time. */
export const minimumValidityLeft = stackRule({
  id: 'byok-minimum-validity-left',
  sentence: 'Imported key material is renewed well before it expires.',
  why: 'When material expires, KMS deletes it, and everything encrypted under the key is unreadable until the material is imported again.',
  fix: 'Set a later validTo, or use validFor with a renewBefore of at least the minimum, and run the update.',
  severity: 'high',
  tags: ['availability', 'expiry'],
  settings: {
    minimum: duration('7d', 'Minimum time that has to be left until the expiry.'),
  },
  *check(resources, { minimum }, now) {
    const limit = secondsOf(minimum);
    const { materials } = new KeyIndex(resources);
    yield* decided(materials, function* (resource) {
      const props = propertiesOf(resource);
      const declared = expiryOf(props);
      if (declared.kind === 'rolling' && declared.renewBefore < limit) {
        yield {
          resource,
          message: `It is renewed less than ${minimum} before its expiry: set renewBefore to at least ${minimum}.`,
        };
        return;
      }
      // A preview does not know this date yet for material that this run imports.
      const validTo = textOf(props.validTo);
      if (validTo !== undefined && (Date.parse(validTo) - now.getTime()) / 1000 < limit) {
        yield {
          resource,
          message: `Less than ${minimum} is left until it expires: import it again with a later expiry.`,
        };
      }
    });
  },
});
