interface Principals {
  readonly type: string;
  readonly identifiers: readonly string[];
}

interface DocumentStatement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly principals?: readonly Principals[];
  readonly notPrincipals?: readonly Principals[];
  readonly conditions?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** Returns the JSON that `aws.iam.getPolicyDocument` makes of its arguments, with one value not in a list. */
export function policyDocument(args: {
  readonly statements?: readonly DocumentStatement[];
}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: args.statements?.map((statement) => ({
      Effect: statement.effect ?? 'Allow',
      Action: oneOrMany(statement.actions),
      NotAction: oneOrMany(statement.notActions),
      Resource: oneOrMany(statement.resources),
      NotResource: oneOrMany(statement.notResources),
      Principal: principalsOf(statement.principals),
      NotPrincipal: principalsOf(statement.notPrincipals),
      Condition: conditionsOf(statement.conditions),
    })),
  });
}

function oneOrMany(values: readonly string[] | undefined): unknown {
  return values?.length === 1 ? values[0] : values;
}

function principalsOf(principals: readonly Principals[] | undefined): unknown {
  if (principals === undefined) return undefined;
  if (principals.some(({ type }) => type === '*')) return '*';
  return Object.fromEntries(
    principals.map(({ type, identifiers }) => [type, oneOrMany(identifiers)]),
  );
}

function conditionsOf(conditions: DocumentStatement['conditions']): unknown {
  const found: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of conditions ?? []) {
    found[test] = { ...found[test], [variable]: oneOrMany(values) };
  }
  return conditions === undefined ? undefined : found;
}
