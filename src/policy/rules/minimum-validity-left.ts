import { z } from 'zod';
import { propertiesOf, textOf } from '../property';
import { stackRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex } from '../stack/key-index';

/** Demands that material is renewed in time. */
export const minimumValidityLeft = stackRule({
  id: 'byok-minimum-validity-left',
  sentence: 'Imported key material does not come close to its expiry.',
  why: 'When material expires, KMS deletes it, and everything encrypted under the key is out of reach until it is imported again.',
  fix: 'Move validTo ahead, or use validFor with a renewBefore that is at least the minimum, and run the update.',
  severity: 'high',
  tags: ['availability', 'expiry'],
  settings: z.object({
    minimum: duration('7d', 'The least time that has to be left until the expiry.'),
  }),
  *check(resources, { minimum }, now) {
    const limit = secondsOf(minimum);
    const { materials } = new KeyIndex(resources);
    yield* decided(materials, function* (resource) {
      const props = propertiesOf(resource);
      const declared = expiryOf(props);
      if (declared.kind === 'rolling' && declared.renewBefore < limit) {
        yield {
          resource,
          message: `It is renewed later than ${minimum} before its expiry: make renewBefore at least ${minimum}.`,
        };
        return;
      }
      // Of material that is imported in this run, a preview does not know it yet.
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
