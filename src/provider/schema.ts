import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { EXPIRATION_MODELS } from '../domain/expiry';
import { IMPORT_TYPES } from '../domain/import-plan';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../domain/wrapping';
import { ByokError } from '../errors';
import { ENCODINGS } from '../material/encoding';

const text = z.string().min(1).optional();
const seconds = z.number().int().min(1).max(86_400).optional();

const connection = z.strictObject({
  region: text,
  profile: text,
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  assumeRole: z
    .strictObject({
      roleArn: text,
      externalId: text,
      sessionName: text,
      duration: text,
    })
    .optional(),
});

const material = z.strictObject({
  inline: z.string().optional(),
  file: text,
  env: text,
  encoding: z.enum(ENCODINGS).optional(),
  passphrase: z.strictObject({ inline: text, file: text, env: text }).optional(),
});

// Everything is optional: what is unknown in a preview is left out before this schema sees it.
const inputs = z.strictObject({
  keyId: text,
  material: material.optional(),
  keySpec: text,
  validTo: text,
  validFor: text,
  renewBefore: text,
  expirationModel: z.enum(EXPIRATION_MODELS).optional(),
  importType: z.enum(IMPORT_TYPES).optional(),
  keyMaterialDescription: z.string().optional(),
  wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS).optional(),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS).optional(),
  deletionProtection: z.boolean().optional(),
  timeouts: z.strictObject({ create: seconds, update: seconds, delete: seconds }).optional(),
  connection: connection.optional(),
});

/** The inputs of a program as far as they are known. */
export type KnownInputs = z.infer<typeof inputs>;

/** Where `connection` may point and as whom. */
export type ConnectionInputs = z.infer<typeof connection>;

/**
 * Checks names and types, and reports every violation, none with a value.
 *
 * @returns the inputs, or errors with the codes `INPUT_TYPE` and `UNKNOWN_INPUT`
 */
export function parseInputs(known: unknown): {
  readonly inputs: KnownInputs;
  readonly errors: readonly ByokError[];
} {
  const result = inputs.safeParse(known);
  return result.success
    ? { inputs: result.data, errors: [] }
    : { inputs: {}, errors: result.error.issues.flatMap(toErrors) };
}

function toErrors(issue: z.core.$ZodIssue): ByokError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownInput(path, key));
  }
  return [new ByokError('INPUT_TYPE', `${path.join('.') || 'the inputs'} ${expectation(issue)}`)];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return 'must be an http or https URL';
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code !== 'too_small') return 'is not valid';
  return issue.origin === 'string' ? 'must not be empty' : `must be at least ${issue.minimum}`;
}

function unknownInput(path: readonly string[], key: string): ByokError {
  const names = namesAt(path);
  // A name is shown cut: a program that mixes up names and values would show a value.
  const shown = [...path, key.slice(0, 40)].join('.');
  const nearest = [...path, closest(key, names)].join('.');
  return new ByokError(
    'UNKNOWN_INPUT',
    `${shown} is not an input of ImportedKeyMaterial; the nearest known name is ${nearest}`,
  );
}

function namesAt(path: readonly string[]): string[] {
  switch (path.join('.')) {
    case 'material':
      return Object.keys(material.shape);
    case 'material.passphrase':
      return ['inline', 'file', 'env'];
    case 'connection':
      return Object.keys(connection.shape);
    case 'connection.assumeRole':
      return Object.keys(connection.shape.assumeRole.unwrap().shape);
    case 'timeouts':
      return ['create', 'update', 'delete'];
    default:
      return Object.keys(inputs.shape);
  }
}
