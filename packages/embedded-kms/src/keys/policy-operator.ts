/** How a condition operator compares (IAM User Guide, Condition operators). */
type Comparison =
  | 'Equals'
  | 'EqualsIgnoreCase'
  | 'Like'
  | 'LessThan'
  | 'LessThanEquals'
  | 'GreaterThan'
  | 'GreaterThanEquals'
  | 'Matches';

/** A condition operator of a policy, such as `ForAnyValue:StringNotLikeIfExists`. */
export interface ConditionOperator {
  readonly type: 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn' | 'Null';
  readonly comparison: Comparison;
  readonly isNegated: boolean;
  readonly ifExists: boolean;
  readonly ofSet: 'ForAllValues' | 'ForAnyValue' | undefined;
}

const ORDERED: readonly Comparison[] = [
  'LessThan',
  'LessThanEquals',
  'GreaterThan',
  'GreaterThanEquals',
];

/** The documented operators, in lower case and without prefix and suffix. */
const OPERATORS = new Map(
  [
    ...operators('String', ['Equals', 'EqualsIgnoreCase', 'Like'], true),
    ...operators('Arn', ['Equals', 'Like'], true),
    ...operators('Numeric', ['Equals'], true),
    ...operators('Numeric', ORDERED, false),
    ...operators('Date', ['Equals'], true),
    ...operators('Date', ORDERED, false),
    ['Bool', { type: 'Bool', comparison: 'Equals', isNegated: false }] as const,
    ['BinaryEquals', { type: 'Binary', comparison: 'Equals', isNegated: false }] as const,
    ['IpAddress', { type: 'IpAddress', comparison: 'Matches', isNegated: false }] as const,
    ['NotIpAddress', { type: 'IpAddress', comparison: 'Matches', isNegated: true }] as const,
    ['Null', { type: 'Null', comparison: 'Matches', isNegated: false }] as const,
  ].map(([name, operator]) => [name.toLowerCase(), operator]),
);

function operators(
  type: 'String' | 'Arn' | 'Numeric' | 'Date',
  comparisons: readonly Comparison[],
  canBeNegated: boolean,
) {
  return (canBeNegated ? [false, true] : [false]).flatMap((isNegated) =>
    comparisons.map(
      (comparison) =>
        [`${type}${isNegated ? 'Not' : ''}${comparison}`, { type, comparison, isNegated }] as const,
    ),
  );
}

const PARTS = /^(?:(?<set>forallvalues|foranyvalue):)?(?<name>.+?)(?<suffix>ifexists)?$/;

/**
 * Reads the name of a condition operator, in upper or lower case: inferred, because IAM documents only that names of
 * condition keys can have any case.
 *
 * @returns undefined when there is no such operator
 */
export function conditionOperator(text: string): ConditionOperator | undefined {
  const { set, name = '', suffix } = PARTS.exec(text.toLowerCase())?.groups ?? {};
  const operator = OPERATORS.get(name);
  const ifExists = suffix !== undefined;
  if (operator === undefined || (operator.type === 'Null' && ifExists)) return undefined;
  const sets = { forallvalues: 'ForAllValues', foranyvalue: 'ForAnyValue' } as const;
  return {
    ...operator,
    ifExists,
    ofSet: set === undefined ? undefined : sets[set as keyof typeof sets],
  };
}
