/** A key of the aws provider whose material is imported. */
export const EXTERNAL_KEY = 'aws:kms/externalKey:ExternalKey';
/** A replica, in another Region, of a key whose material is imported. */
export const REPLICA_EXTERNAL_KEY = 'aws:kms/replicaExternalKey:ReplicaExternalKey';
/** Keys of the aws provider whose material is imported. */
export const EXTERNAL_KEYS: readonly string[] = [EXTERNAL_KEY, REPLICA_EXTERNAL_KEY];

/** An alias of a key. */
export const ALIAS = 'aws:kms/alias:Alias';
/** A key policy that is a resource of its own. */
export const KEY_POLICY = 'aws:kms/keyPolicy:KeyPolicy';
/** A grant on a key. */
export const KEY_GRANT = 'aws:kms/grant:Grant';

/**
 * Resources of the aws provider whose `policy` is the key policy of a key that may have imported
 * material. Nobody can import into an `aws.kms.Key` or an `aws.kms.ReplicaKey`, whose origin is KMS.
 */
export const KEY_POLICY_HOLDERS: readonly string[] = [
  EXTERNAL_KEY,
  REPLICA_EXTERNAL_KEY,
  KEY_POLICY,
];

/** Resources of the aws provider whose `policy` is an IAM identity policy. */
export const IAM_POLICY_HOLDERS: readonly string[] = [
  'aws:iam/policy:Policy',
  'aws:iam/rolePolicy:RolePolicy',
  'aws:iam/userPolicy:UserPolicy',
  'aws:iam/groupPolicy:GroupPolicy',
];

/** An IAM role; its `inlinePolicies` are policies too. */
export const IAM_ROLE = 'aws:iam/role:Role';

/** A CloudWatch alarm on a metric. */
export const METRIC_ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
