import type { PolicyResource } from '@pulumi/policy';
import * as z from 'zod';
import { propertiesOf } from '../property';
import { stackRule } from '../rule';
import { expirationAlarms, verdictOn, type Verdict } from '../stack/alarms';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex, regionOf, regionOfMaterial } from '../stack/key-index';

/** Requires that material is renewed before it expires, or that an alarm warns somebody. */
export const renewalConfigured = stackRule({
  id: 'byok-renewal-configured',
  sentence: 'The program renews material that expires, or an alarm warns of the expiry.',
  why: 'No preview of another stack shows that a fixed validTo has passed, and the key stops working that second.',
  fix: 'Declare validFor instead of validTo (renewBefore defaults to a third of it), or add an alarm on SecondsUntilKeyMaterialExpiration for the key.',
  severity: 'high',
  tags: ['availability', 'expiry'],
  settings: {
    alarmSuffices: z
      .boolean()
      .default(true)
      .describe('Whether an alarm in this stack is enough without a renewal.'),
  },
  *check(resources, { alarmSuffices }) {
    const index = new KeyIndex(resources);
    const alarms = expirationAlarms(resources, index);
    const verdictOfKey = (material: PolicyResource): Verdict => {
      const identity = index.keyOfMaterial(material);
      const key = index.resourceOf(identity);
      const region = key === undefined ? regionOfMaterial(material) : regionOf(key);
      return verdictOn(alarms.get(identity) ?? [], { seconds: 0, region });
    };
    yield* decided(index.materials, function* (resource) {
      if (expiryOf(propertiesOf(resource)).kind !== 'fixed') return;
      const verdict = alarmSuffices ? verdictOfKey(resource) : undefined;
      if (verdict?.kind === 'warns') return;
      if (verdict?.kind === 'computed') {
        yield {
          resource,
          message:
            'validTo is fixed, and the alarm of the key compares an expression. The rule cannot tell whether it fires.',
          isRemark: true,
        };
        return;
      }
      yield {
        resource,
        message: alarmSuffices
          ? 'validTo is fixed, and no alarm in this stack watches the key: declare validFor with renewBefore, or add the alarm.'
          : 'validTo is fixed: declare validFor with renewBefore.',
      };
    });
  },
});
