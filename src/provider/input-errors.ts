import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { asByokError, ByokError } from '../errors';
import type { Rename } from '../domain/input-names';
import type { CheckResult } from './protocol';

/** Inputs that match a schema, or the errors of inputs that do not. */
export interface Parsed<Inputs> {
  readonly inputs: Partial<Inputs>;
  readonly errors: readonly ByokError[];
}

/**
 * Checks names and types against a schema in which everything is optional. It reports every
 * violation, without values.
 *
 * @param resource - the resource class, as messages name it
 * @returns the inputs, or errors with the codes `INPUT_TYPE` and `UNKNOWN_INPUT`
 */
export function parseStrictly<Schema extends z.ZodObject>(
  schema: Schema,
  known: unknown,
  resource: string,
): Parsed<z.infer<Schema>> {
  const result = schema.safeParse(known);
  return result.success
    ? { inputs: result.data, errors: [] }
    : {
        inputs: {},
        errors: result.error.issues.flatMap((issue) => toErrors(issue, schema, resource)),
      };
}

function toErrors(issue: z.core.$ZodIssue, schema: z.ZodObject, resource: string): ByokError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownInput(path, key, schema, resource));
  }
  return [new ByokError('INPUT_TYPE', `${path.join('.') || 'the inputs'} ${expectation(issue)}`)];
}

// Expected form of inputs, by their names.
const FORMATS: Readonly<Record<string, string>> = {
  endpoint: 'must be an http or https URL',
  region: 'must be an AWS Region such as eu-central-1',
  roleArn: 'must be the ARN of an IAM role',
  keyMaterialId: 'must be a KeyMaterialId, 64 hex digits in lower case',
};

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return FORMATS[String(issue.path.at(-1))] ?? 'is not valid';
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code !== 'too_small') return 'is not valid';
  return issue.origin !== 'number' ? 'must not be empty' : `must be at least ${issue.minimum}`;
}

function unknownInput(
  path: readonly string[],
  key: string,
  schema: z.ZodObject,
  resource: string,
): ByokError {
  const nearest = [...path, closest(key, namesAt(schema, path))].join('.');
  // If a program mixes up names and values, this is a value: only text that can be a name is shown.
  const shown = /^[A-Za-z]{1,24}$/.test(key)
    ? [...path, key].join('.')
    : 'a name that is not shown';
  return new ByokError(
    'UNKNOWN_INPUT',
    `${shown} is not an input of ${resource}; the nearest known name is ${nearest}`,
  );
}

function namesAt(schema: z.ZodObject, path: readonly string[]): string[] {
  let object = schema;
  for (const name of path) {
    const member: unknown = object.shape[name];
    const inner = member instanceof z.ZodOptional ? member.unwrap() : member;
    if (inner instanceof z.ZodObject) object = inner;
  }
  return Object.keys(object.shape);
}

/**
 * Converts errors to the answer of `check`. Every failure has an empty `property`: if a failure names a property,
 * the engine prints its value, even if it is secret.
 *
 * @param names - how messages name the inputs; default: as the resource does
 */
export function checkFailures(
  errors: readonly ByokError[],
  names: Rename = (text) => text,
): CheckResult {
  return {
    inputs: {},
    failures: errors.map(({ message }) => ({ property: '', reason: names(message) })),
  };
}

/** Collects the errors of several rules, so that one `check` can report all of them. */
export function collectErrors(): ErrorCollection {
  const errors: ByokError[] = [];
  return {
    errors,
    attempt(rule) {
      try {
        return rule();
      } catch (error) {
        errors.push(asByokError(error));
        return undefined;
      }
    },
  };
}

interface ErrorCollection {
  readonly errors: ByokError[];
  /** Applies a rule, and returns undefined if it throws. */
  readonly attempt: <T>(rule: () => T) => T | undefined;
}
