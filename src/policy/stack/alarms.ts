import type { PolicyResource } from '@pulumi/policy';
import { knownValue, listOf, memberOf, propertiesOf, textOf } from '../property';
import { METRIC_ALARM } from '../resource-types';
import { Undecided } from './decided';
import { regionOf, type KeyIdentity, type KeyIndex } from './key-index';

/** An alarm on the time that imported material has left. */
export interface ExpirationAlarm {
  readonly resource: PolicyResource;
  readonly metric: Metric;
}

/** The metric that an alarm watches, and whether it compares the metric itself. */
interface Metric {
  /** The properties that name the metric: of the alarm, or of one of its `metricQueries`. */
  readonly props: unknown;
  readonly isComputed: boolean;
}

/** The warning that an alarm has to give. */
export interface Warning {
  readonly seconds: number;
  /** The Region of the key, if it is known. */
  readonly region: string | undefined;
}

/** Whether one of the alarms of a key warns, and if not, why. */
export type Verdict =
  | { readonly kind: 'warns' | 'absent' | 'computed' }
  | { readonly kind: 'defective'; readonly defects: readonly string[] };

// AWS KMS Developer Guide, monitoring-cloudwatch. Its page imported-key-material-expiration-alarm
// has a different name and the wrong operator, so an alarm made by that page never fires.
const METRIC = 'SecondsUntilKeyMaterialExpiration';
const METRIC_OF_THE_ALARM_PAGE = 'SecondsUntilKeyMaterialExpires';
const BELOW = ['LessThanThreshold', 'LessThanOrEqualToThreshold'];
// Sums grow with the number of values in a period, and counts and ranks do not shrink with the time left: Sum,
// SampleCount, trimmed counts, trimmed sums and percentile ranks (CloudWatch User Guide, Statistics-definitions).
const MISLEADING_STATISTIC = /^(?:Sum$|SampleCount$|(?:TC|TS|PR)\(|(?:tc|ts)\d)/;

/** Returns the alarms on expiration, by key, without those whose key a preview does not know yet. */
export function expirationAlarms(
  resources: readonly PolicyResource[],
  keys: KeyIndex,
): ReadonlyMap<KeyIdentity, readonly ExpirationAlarm[]> {
  const found = new Map<KeyIdentity, ExpirationAlarm[]>();
  for (const resource of resources) {
    if (resource.type !== METRIC_ALARM) continue;
    for (const metric of metricsOf(resource)) {
      const key = keyOf(resource, metric, keys);
      const same = key === undefined ? undefined : found.get(key);
      if (same !== undefined) same.push({ resource, metric });
      else if (key !== undefined) found.set(key, [{ resource, metric }]);
    }
  }
  return found;
}

/**
 * Judges the alarms of a key. Throws if a value that decides is unknown in a preview, and none of the
 * other alarms warns.
 */
export function verdictOn(alarms: readonly ExpirationAlarm[], warning: Warning): Verdict {
  const undecided = new Undecided();
  const found: (readonly string[])[] = [];
  for (const alarm of alarms) {
    try {
      if (!alarm.metric.isComputed) found.push(defectsOf(alarm, warning));
    } catch (unknownValue) {
      undecided.add(unknownValue);
    }
  }
  // The alarm that is nearest to a good one, in every order of the resources.
  const [defects] = found.toSorted((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
  if (defects?.length === 0) return { kind: 'warns' };
  undecided.rethrow();
  if (alarms.some(({ metric }) => metric.isComputed)) return { kind: 'computed' };
  return defects === undefined ? { kind: 'absent' } : { kind: 'defective', defects };
}

function metricsOf(alarm: PolicyResource): Metric[] {
  const props = propertiesOf(alarm);
  if (isOnExpiration(props)) return [{ props, isComputed: false }];
  const queries = knownValue(() => listOf(props.metricQueries)) ?? [];
  return queries.flatMap((query): Metric[] => {
    const metric = knownValue(() => memberOf(query, 'metric'));
    if (!isOnExpiration(metric)) return [];
    // CloudWatch compares the only query that returns data (CloudWatch API Reference, PutMetricAlarm).
    const isCompared =
      queries.length === 1 || knownValue(() => memberOf(query, 'returnData')) === true;
    return [{ props: metric, isComputed: !isCompared }];
  });
}

// A name that is unknown in a preview may be the one. Judging the alarm then throws.
function isOnExpiration(metric: unknown): boolean {
  const maybe = (name: string, ...expected: unknown[]): boolean => {
    try {
      return expected.includes(memberOf(metric, name));
    } catch {
      return true;
    }
  };
  return maybe('namespace', 'AWS/KMS') && maybe('metricName', METRIC, METRIC_OF_THE_ALARM_PAGE);
}

function keyOf(alarm: PolicyResource, { props }: Metric, keys: KeyIndex): KeyIdentity | undefined {
  const property = props === propertiesOf(alarm) ? 'dimensions' : 'metricQueries';
  return knownValue(() =>
    keys.identify(alarm, property, () => memberOf(memberOf(props, 'dimensions'), 'KeyId')),
  );
}

function defectsOf({ resource, metric }: ExpirationAlarm, warning: Warning): string[] {
  const props = propertiesOf(resource);
  const region = regionOf(resource);
  const statistic =
    metric.props === props
      ? (textOf(props.statistic) ?? props.extendedStatistic)
      : memberOf(metric.props, 'stat');
  const unit = textOf(memberOf(metric.props, 'unit'));
  const defects: string[] = [];
  if (memberOf(metric.props, 'metricName') !== METRIC) {
    defects.push(`its metricName is not ${METRIC}, which is what KMS publishes`);
  }
  if (region !== undefined && warning.region !== undefined && region !== warning.region) {
    defects.push('it is in another Region than the key, where KMS publishes no metric of it');
  }
  defects.push(...dimensionDefects(memberOf(metric.props, 'dimensions')));
  if (MISLEADING_STATISTIC.test(textOf(statistic) ?? '')) {
    defects.push('its statistic is not the time left: set it to Minimum');
  }
  if (unit !== undefined && unit !== 'Seconds') {
    defects.push('its unit is not Seconds, so it watches values that KMS does not publish');
  }
  if (!BELOW.includes(textOf(props.comparisonOperator) ?? '')) {
    defects.push(
      'it does not fire when the time left falls below the threshold: set comparisonOperator to LessThanOrEqualToThreshold',
    );
  }
  const threshold = Number(props.threshold ?? 0);
  if (threshold < warning.seconds) {
    defects.push(
      `its threshold is below ${warning.seconds} seconds, the warning time that the rule requires`,
    );
  } else if (threshold - delayOf(props, metric) < warning.seconds) {
    defects.push(
      `it waits for so many periods that it fires less than ${warning.seconds} seconds before the expiry: lower evaluationPeriods, or set datapointsToAlarm`,
    );
  }
  if (props.actionsEnabled === false || listOf(props.alarmActions).length === 0) {
    defects.push('it notifies nobody: give it alarmActions');
  }
  return defects;
}

// Seconds from the first period below the threshold to the one that makes the alarm fire.
function delayOf(props: Readonly<Record<string, unknown>>, metric: Metric): number {
  const needed = Number(props.datapointsToAlarm ?? props.evaluationPeriods ?? 1);
  return (needed - 1) * Number(memberOf(metric.props, 'period') ?? 0);
}

// CloudWatch takes every set of dimensions for a metric of its own (CloudWatch User Guide,
// cloudwatch_concepts), and KMS publishes this one with KeyId only.
function dimensionDefects(dimensions: unknown): string[] {
  const names = Object.keys(dimensions ?? {});
  return [
    ...(names.some((name) => name !== 'KeyId')
      ? ['it has a dimension besides KeyId, so it watches a metric that KMS does not publish']
      : []),
    ...(knownValue(() => textOf(memberOf(dimensions, 'KeyId')))?.startsWith('arn:') === true
      ? ['its dimension KeyId is an ARN: set it to the ID of the key']
      : []),
  ];
}
