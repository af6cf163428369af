import type { Condition, Statement } from './document';
import { arnPatternOf, matches, overlap, patternOf, shapeOf, type Pattern } from './pattern';

/** The ARN of any key. */
export const ANY_KEY: Pattern = shapeOf('arn:~:kms:~:~:key/~');

// Every one has a place where the pattern must have a wildcard.
const UNNAMED_KEY = [shapeOf('arn:~:kms:~:~:key/~^~'), shapeOf('key/~^~')];
const PRINCIPAL_OF_UNNAMED_ACCOUNT = shapeOf('arn:~:~::~^~:@');
// AWS, and not the account, chooses these paths (IAM User Guide, id_roles_create-for-service, and IAM Identity
// Center User Guide, referencingpermissionsets).
const PATHS_OF_AWS = [
  '',
  'aws-reserved/',
  'aws-reserved/sso.amazonaws.com/',
  'aws-service-role/',
  'service-role/',
];
const PRINCIPALS_OF_UNNAMED_NAME = PATHS_OF_AWS.map((path) => shapeOf(`arn:~:~::~:~/${path}%^%`));
// The Region in the path of a permission set, and the beginning of its name.
const CHOSEN_BY_IDENTITY_CENTER = /(?<=sso\.amazonaws\.com\/)[a-z-]+-\d\/|AWSReservedSSO_/g;
// A value without a name of its own. Aliases and IDs of organizations have a prefix.
const UNNAMED_VALUES = ['%^%', 'alias/%^%', 'o-%^%'].map(shapeOf);

// The ARN of a key of which no policy spells out any part but the partition. A policy and its keys are in one.
function keyOfNobody(pattern: string): string {
  const [, partition = ''] = pattern.split(':');
  const own = /^[a-z-]+$/.test(partition) ? partition : '\u{fffc}';
  return `arn:${own}:kms:\u{fffc}:\u{fffc}:key/\u{fffc}`;
}

/**
 * Returns whether a statement of an IAM policy covers keys that it does not name. A pattern names a key
 * if it spells out the whole ID; the Region and the account may be open.
 */
export function coversUnnamedKeys({ resources, exceptResources }: Statement): boolean {
  if (exceptResources.some((pattern) => matches(arnPatternOf(pattern), keyOfNobody(pattern)))) {
    return false;
  }
  return resources.some((resource) =>
    UNNAMED_KEY.some(
      (shape) => overlap(arnPatternOf(resource), shape) || overlap(patternOf(resource), shape),
    ),
  );
}

/**
 * Returns whether a statement may cover a key.
 *
 * @param key - what is known of its ARN
 * @param arn - its ARN, if it is known
 */
export function coversKey(
  { resources, exceptResources }: Pick<Statement, 'resources' | 'exceptResources'>,
  key: Pattern,
  arn?: string,
): boolean {
  return (
    resources.some((resource) => overlap(arnPatternOf(resource), key)) &&
    !exceptResources.some((resource) =>
      matches(arnPatternOf(resource), arn ?? keyOfNobody(resource)),
    )
  );
}

/**
 * Returns whether a principal, or a pattern for `aws:PrincipalArn`, is open: to principals of other
 * accounts, or to all principals of a kind in one account. A path or the beginning of a name that AWS chooses names
 * nobody, such as `role/aws-reserved/*`.
 */
export function isOpenPrincipal(principal: string): boolean {
  const pattern = arnPatternOf(principal.replace(CHOSEN_BY_IDENTITY_CENTER, ''));
  return [PRINCIPAL_OF_UNNAMED_ACCOUNT, ...PRINCIPALS_OF_UNNAMED_NAME].some((shape) =>
    overlap(pattern, shape),
  );
}

// Operators that match only requests that have one of the values. With IfExists, and with
// ForAllValues, a condition also matches a request without the key (IAM User Guide,
// reference_policies_elements_condition_operators).
const RESTRICTING =
  /^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/i;

/**
 * Returns whether a condition limits a statement to values that it names. Wildcards count in every
 * operator, although `StringEquals` has none: it matches nothing then, which nobody means.
 */
export function restricts({ operator, key, values }: Condition): boolean {
  if (!RESTRICTING.test(operator)) return false;
  const isOpen = key === PRINCIPAL_ARN ? isOpenPrincipal : isOpenValue;
  return !values.some(isOpen);
}

/** The condition key for the ARN of the principal that makes a request, as {@link Condition} has it. */
export const PRINCIPAL_ARN = 'aws:principalarn';

/** Returns whether an operator limits a statement to the values of its condition. */
export function isRestricting(operator: string): boolean {
  return RESTRICTING.test(operator);
}

// A policy variable is a value that the principal has, such as a tag of its own.
function isOpenValue(value: string): boolean {
  const pattern = patternOf(value.replace(/\$\{[^*?$}][^}]*\}/g, 'variable'));
  return UNNAMED_VALUES.some((shape) => overlap(pattern, shape));
}
