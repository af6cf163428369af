import { closest } from 'fastest-levenshtein';
import * as z from 'zod';
import { asByokError, ByokError } from '../errors';
import { shownInputName, type Rename } from '../domain/input-names';
import { knownPart, UNKNOWN, type CheckResult, type Properties } from './protocol';

/** Inputs that match a schema, or the errors of inputs that do not. */
export interface Parsed<Inputs> {
  readonly inputs: Partial<Inputs>;
  readonly errors: readonly ByokError[];
}

/**
 * Checks names and types against a schema in which everything is optional, because values that are unknown in a
 * preview are left out. It reports every violation, without values.
 *
 * @param resource - the resource class, as messages name it
 * @returns the inputs, or errors with the codes `INPUT_INVALID` and `UNKNOWN_INPUT`
 */
export function parseStrictly<Schema extends z.ZodObject>(
  schema: Schema,
  declared: Properties,
  resource: string,
): Parsed<z.infer<Schema>> {
  // A name can be wrong although its value is unknown.
  const unknownNames = Object.keys(declared).filter(
    (name) => declared[name] === UNKNOWN && !(name in schema.shape),
  );
  const result = schema.safeParse({
    ...(knownPart(declared) as object),
    ...Object.fromEntries(unknownNames.map((name) => [name, UNKNOWN])),
  });
  return result.success
    ? { inputs: result.data, errors: [] }
    : {
        inputs: {},
        errors: result.error.issues.flatMap((issue) => toErrors(issue, schema, resource)),
      };
}

function toErrors(issue: z.core.$ZodIssue, schema: z.ZodObject, resource: string): ByokError[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownInput(path, key, schema, resource));
  }
  return [new ByokError('INPUT_INVALID', `${nameOf(path) || 'the inputs'} ${expectation(issue)}`)];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return issue.message;
  if (issue.code === 'too_big') {
    return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
  }
  if (issue.code !== 'too_small') return 'is not valid';
  return issue.origin !== 'number' ? 'must not be empty' : `must be at least ${issue.minimum}`;
}

function unknownInput(path: Path, key: string, schema: z.ZodObject, resource: string): ByokError {
  if (key === 'tags' && path.length === 0) {
    return new ByokError(
      'UNKNOWN_INPUT',
      `${resource} has no tags, because KMS tags keys and not their material: tag the key, and let a transform that tags resources skip the types that begin with pulumi-nodejs:dynamic/kms-byok`,
    );
  }
  const nearest = nameOf([...path, closest(key, namesAt(schema, path))]);
  const shown = shownInputName(key, nameOf([...path, key]));
  return new ByokError(
    'UNKNOWN_INPUT',
    `${shown} is not an input of ${resource}; the nearest known name is ${nearest}`,
  );
}

function namesAt(schema: z.ZodObject, path: Path): string[] {
  let object = schema;
  for (const name of path.filter((each) => typeof each === 'string')) {
    const member: unknown = object.shape[name];
    const inner = member instanceof z.ZodOptional ? member.unwrap() : member;
    const element = inner instanceof z.ZodArray ? inner.element : inner;
    if (element instanceof z.ZodObject) object = element;
  }
  return Object.keys(object.shape);
}

type Path = z.core.$ZodIssue['path'];

// Names a place as a program does: `replicas[0].region`.
function nameOf(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
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
