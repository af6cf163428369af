import type { PolicyResource } from '@pulumi/policy';
import { listOf, memberOf, propertiesOf, textOf } from '../property';
import { METRIC_ALARM } from '../resource-types';
import type { KeyIdentity, KeyIndex } from './key-index';

/** An alarm on the time that imported material has left. */
export interface ExpirationAlarm {
  readonly resource: PolicyResource;
  /** Throws if a value is unknown in a preview. */
  readonly defects: (minimumWarningSeconds: number) => string[];
}

// AWS KMS Developer Guide, monitoring-cloudwatch. Its page imported-key-material-expiration-alarm
// has a different name and the wrong operator, so an alarm made by that page never fires.
const METRIC = 'SecondsUntilKeyMaterialExpiration';
const METRIC_OF_THE_ALARM_PAGE = 'SecondsUntilKeyMaterialExpires';
const BELOW = ['LessThanThreshold', 'LessThanOrEqualToThreshold'];

/** Returns the alarms on expiration, by key, without those whose key a preview does not know yet. */
export function expirationAlarms(
  resources: readonly PolicyResource[],
  keys: KeyIndex,
): ReadonlyMap<KeyIdentity, readonly ExpirationAlarm[]> {
  const found = new Map<KeyIdentity, ExpirationAlarm[]>();
  for (const resource of resources) {
    if (resource.type !== METRIC_ALARM || !isOnExpiration(resource)) continue;
    const key = keyOf(resource, keys);
    const alarm = { resource, defects: (seconds: number) => defectsOf(resource, seconds) };
    const same = key === undefined ? undefined : found.get(key);
    if (same !== undefined) same.push(alarm);
    else if (key !== undefined) found.set(key, [alarm]);
  }
  return found;
}

function isOnExpiration(alarm: PolicyResource): boolean {
  try {
    const { metricName, namespace } = propertiesOf(alarm);
    return (
      namespace === 'AWS/KMS' && (metricName === METRIC || metricName === METRIC_OF_THE_ALARM_PAGE)
    );
  } catch {
    return false;
  }
}

function keyOf(alarm: PolicyResource, keys: KeyIndex): KeyIdentity | undefined {
  try {
    return keys.identify(alarm, 'dimensions', () =>
      memberOf(propertiesOf(alarm).dimensions, 'KeyId'),
    );
  } catch {
    return undefined;
  }
}

function defectsOf(alarm: PolicyResource, minimumWarningSeconds: number): string[] {
  const props = propertiesOf(alarm);
  const defects: string[] = [];
  if (props.metricName !== METRIC) {
    defects.push(`its metricName is not ${METRIC}, which is what KMS publishes`);
  }
  if (!BELOW.includes(textOf(props.comparisonOperator) ?? '')) {
    defects.push(
      'it does not fire when the time left falls below the threshold: set comparisonOperator to LessThanOrEqualToThreshold',
    );
  }
  if (Number(props.threshold ?? 0) < minimumWarningSeconds) {
    defects.push(
      `its threshold is below ${minimumWarningSeconds} seconds, the warning time that the rule requires`,
    );
  }
  if (props.actionsEnabled === false || listOf(props.alarmActions).length === 0) {
    defects.push('it notifies nobody: give it alarmActions');
  }
  return defects;
}
