import { serialization, validation } from '../../errors/kms-error';
import type { InputOf, ListShape, Members, Shape, StringShape } from './shape';

/**
 * Reads a request by the `types` table of its operation: decodes blobs and timestamps, drops members that
 * the table does not name, and reports all violated constraints in one error, in AWS's words.
 *
 * @throws {@link KmsError} SerializationException when a value has the wrong JSON type,
 * ValidationException when a constraint is violated. Blobs are never quoted.
 */
export function parseInput<const M extends Members>(
  types: M,
  raw: Readonly<Record<string, unknown>>,
): InputOf<M> {
  const violations: string[] = [];
  const input = parseMembers(types, raw, '', violations);
  if (violations.length > 0) {
    const errors = violations.length === 1 ? 'error' : 'errors';
    throw validation(
      `${violations.length} validation ${errors} detected: ${violations.join('; ')}`,
    );
  }
  // Without violations the values have the types in the table.
  return input as InputOf<M>;
}

/**
 * Returns a member that only some requests need, and this one does.
 *
 * @throws {@link KmsError} ValidationException when it is missing, as for a member that all requests need.
 */
export function neededMember<T>(name: string, value: T | undefined): T {
  if (value === undefined) {
    const rule = violation('Value null', lowerFirst(name), 'Member must not be null');
    throw validation(`1 validation error detected: ${rule}`);
  }
  return value;
}

function parseMembers(
  members: Members,
  raw: Readonly<Record<string, unknown>>,
  path: string,
  violations: string[],
): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(members)) {
    const memberPath = path + lowerFirst(name);
    // JSON null counts as absent.
    const value = Object.hasOwn(raw, name) ? (raw[name] ?? undefined) : undefined;
    if (value !== undefined) {
      input[name] = parseValue(shape, value, memberPath, violations);
    } else if (shape.required) {
      violations.push(violation('Value null', memberPath, 'Member must not be null'));
    }
  }
  return input;
}

function parseValue(shape: Shape, value: unknown, path: string, violations: string[]): unknown {
  switch (shape.type) {
    case 'string':
      return checkString(shape, expectType('string', value, path), path, violations);
    case 'blob': {
      const bytes = decodeBase64(expectType('string', value, path), path);
      checkLength(shape, bytes.length, 'Value', path, violations);
      return bytes;
    }
    case 'integer':
      return checkInteger(shape, expectType('number', value, path), path, violations);
    case 'boolean':
      return expectType('boolean', value, path);
    case 'timestamp':
      return epochSeconds(expectType('number', value, path), path);
    case 'map': {
      const entries = Object.entries(expectObject(value, path));
      return Object.fromEntries(
        entries.map(([key, text]) => [key, expectType('string', text, path)]),
      );
    }
    case 'list':
      return parseList(shape, value, path, violations);
    case 'structure':
      return parseMembers(shape.members, expectObject(value, path), `${path}.`, violations);
  }
}

function parseList(shape: ListShape, value: unknown, path: string, violations: string[]) {
  if (!Array.isArray(value)) throw unexpectedType(path);
  checkLength(shape, value.length, 'Value', path, violations);
  return value.map((item: unknown, index) =>
    parseValue(shape.member, item, `${path}.${index + 1}.member`, violations),
  );
}

function checkString(shape: StringShape, value: string, path: string, violations: string[]) {
  const subject = shape.isSecret === true ? 'Value' : `Value '${value}'`;
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    const listed = (shape.enumInMessage ?? shape.enum).join(', ');
    violations.push(violation(subject, path, `Member must satisfy enum value set: [${listed}]`));
  }
  checkLength(shape, value.length, subject, path, violations);
  const { pattern } = shape;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)) {
    const rule = `Member must satisfy regular expression pattern: ${pattern}`;
    violations.push(violation(subject, path, rule));
  }
  return value;
}

function checkLength(
  bounds: { readonly min?: number; readonly max?: number },
  length: number,
  subject: string,
  path: string,
  violations: string[],
): void {
  if (bounds.min !== undefined && length < bounds.min) {
    const rule = `Member must have length greater than or equal to ${bounds.min}`;
    violations.push(violation(subject, path, rule));
  }
  if (bounds.max !== undefined && length > bounds.max) {
    const rule = `Member must have length less than or equal to ${bounds.max}`;
    violations.push(violation(subject, path, rule));
  }
}

function checkInteger(
  { min, max }: { readonly min: number; readonly max: number },
  value: number,
  path: string,
  violations: string[],
): number {
  if (!Number.isInteger(value)) throw unexpectedType(path);
  if (value < min) {
    const rule = `Member must have value greater than or equal to ${min}`;
    violations.push(violation(`Value '${value}'`, path, rule));
  }
  if (value > max) {
    const rule = `Member must have value less than or equal to ${max}`;
    violations.push(violation(`Value '${value}'`, path, rule));
  }
  return value;
}

// The sentence was recorded for enums, lengths and ranges. Those for missing members ("Value null …
// Member must not be null") and patterns are third party.
function violation(subject: string, path: string, rule: string): string {
  return `${subject} at '${path}' failed to satisfy constraint: ${rule}`;
}

interface JsonTypes {
  string: string;
  number: number;
  boolean: boolean;
}

function expectType<T extends keyof JsonTypes>(
  type: T,
  value: unknown,
  path: string,
): JsonTypes[T] {
  if (typeof value !== type) throw unexpectedType(path);
  return value as JsonTypes[T];
}

function expectObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unexpectedType(path);
  }
  return value as Readonly<Record<string, unknown>>;
}

function decodeBase64(text: string, path: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Buffer.from ignores characters that are not base64, so only encoding again reveals a damaged blob.
  if (bytes.toString('base64') !== text) throw serialization(`Invalid base64 at '${path}'`);
  return bytes;
}

/** The largest instant that a Date can represent, in seconds (ECMA-262 §21.4.1.1). */
const MAX_EPOCH_SECONDS = 8.64e12;

function epochSeconds(seconds: number, path: string): Date {
  if (!(Math.abs(seconds) <= MAX_EPOCH_SECONDS)) throw unexpectedType(path);
  return new Date(Math.round(seconds * 1000));
}

function unexpectedType(path: string) {
  return serialization(`Unexpected type of value at '${path}'`);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
