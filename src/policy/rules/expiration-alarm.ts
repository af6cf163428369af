import { propertiesOf } from '../property';
import { stackRule } from '../rule';
import { duration, secondsOf } from '../settings';
import { expirationAlarms, verdictOn } from '../stack/alarms';
import { decided } from '../stack/decided';
import { expiryOf } from '../stack/expiry';
import { KeyIndex, regionOf } from '../stack/key-index';

/** Requires an alarm on every key whose material expires. */
export const expirationAlarm = stackRule({
  id: 'byok-expiration-alarm',
  sentence: 'An alarm warns before the material of a key in this stack expires.',
  why: 'Material is renewed only when the program runs. If the pipeline has stopped, nothing else warns that the key is about to stop working: KMS sends no event before the expiry.',
  fix: 'Add an aws.cloudwatch.MetricAlarm on SecondsUntilKeyMaterialExpiration in AWS/KMS in the Region of the key, with the ID of the key as its only dimension KeyId, LessThanOrEqualToThreshold and alarmActions.',
  severity: 'medium',
  tags: ['availability', 'monitoring'],
  settings: {
    warning: duration('7d', 'The alarm has to fire at least this long before the expiry.'),
  },
  *check(resources, { warning }) {
    const index = new KeyIndex(resources);
    const alarms = expirationAlarms(resources, index);
    const judged = new Set<string>();
    yield* decided(index.materials, function* (material) {
      if (expiryOf(propertiesOf(material)).kind === 'never') return;
      const key = index.resourceOf(index.keyOfMaterial(material));
      if (key === undefined || judged.has(key.urn)) return;
      const verdict = verdictOn(alarms.get(key.urn) ?? [], {
        seconds: secondsOf(warning),
        region: regionOf(key),
      });
      judged.add(key.urn);
      if (verdict.kind === 'absent') {
        yield { resource: key, message: 'No alarm in this stack watches the expiry: add one.' };
      } else if (verdict.kind === 'defective') {
        yield {
          resource: key,
          message: `Its alarm does not help: ${verdict.defects.join('; ')}.`,
        };
      } else if (verdict.kind === 'computed') {
        yield {
          resource: key,
          message:
            'Its alarm compares an expression. The rule cannot tell whether it fires: let the query on the metric return the data.',
          isRemark: true,
        };
      }
    });
  },
});
