import { z } from 'zod';
import { propertiesOf } from '../property';
import { stackRule } from '../rule';
import { expirationAlarms } from '../stack/alarms';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex } from '../stack/key-index';

/** Demands that an expiry is renewed, or that somebody is told. */
export const renewalConfigured = stackRule({
  id: 'byok-renewal-configured',
  sentence: 'Material that expires is renewed by the program, or an alarm warns of it.',
  why: 'A fixed validTo passes without a sign in any preview of another stack, and the key stops working that second.',
  fix: 'Declare validFor (renewBefore is a third of it unless said) in place of validTo, or add an alarm on SecondsUntilKeyMaterialExpiration for the key.',
  severity: 'high',
  tags: ['availability', 'expiry'],
  settings: z.object({
    alarmSuffices: z
      .boolean()
      .default(true)
      .describe('Whether an alarm in this stack is as good as a renewal.'),
  }),
  *check(resources, { alarmSuffices }) {
    const index = new KeyIndex(resources);
    const alarms = expirationAlarms(resources, index);
    yield* decided(index.materials, function* (resource) {
      if (expiryOf(propertiesOf(resource)).kind !== 'fixed') return;
      const warned =
        alarmSuffices &&
        (alarms.get(index.keyOfMaterial(resource)) ?? []).some(
          ({ defects }) => defects(0).length === 0,
        );
      if (!warned) {
        yield {
          resource,
          message: alarmSuffices
            ? 'validTo is fixed, and no alarm of this stack watches the key: declare validFor with renewBefore, or add the alarm.'
            : 'validTo is fixed: declare validFor with renewBefore.',
        };
      }
    });
  },
});
