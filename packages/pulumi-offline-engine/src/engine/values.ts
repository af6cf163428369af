import { isDeepStrictEqual } from 'node:util';

/** A property value, in its form on the wire. */
export type Value = null | boolean | number | string | readonly Value[] | ValueMap;

/** The properties of a resource. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** Replaces a value that is not known before an update: `UnknownStringValue` of Pulumi's engine. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

// Pulumi's own markers, sdk/go/common/resource/sig.
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

/** Whether a value is an object. */
export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a secret, decrypted or encrypted. */
export function isSecret(value: Value | undefined): value is ValueMap {
  return isMap(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Makes a secret with the given contents: its `value`, or its `ciphertext` in a state file. */
export function secret(contents: ValueMap): ValueMap {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ...contents };
}

/** Marks a value as secret, if it is not marked already. */
export function markSecret(value: Value): Value {
  return isSecret(value) ? value : secret({ value });
}

/** Copies a value and replaces each outermost secret in it. */
export function mapSecrets(value: Value, replace: (found: ValueMap) => Value): Value {
  if (isSecret(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item: Value) => mapSecrets(item, replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapSecrets(item, replace)]),
  );
}

/** Returns the value without the marks of secrets, at any depth. */
export function revealed(value: Value): Value {
  return mapSecrets(value, (found) => revealed(found.value ?? null));
}

/** Returns the properties without the marks of secrets, at any depth. */
export function revealedMap(properties: ValueMap): ValueMap {
  return revealed(properties) as ValueMap;
}

/** Whether a value contains a secret, at any depth. */
export function containsSecret(value: Value): boolean {
  let found = false;
  mapSecrets(value, (inner) => {
    found = true;
    return inner;
  });
  return found;
}

/** Whether two values are equal, apart from the marks of secrets. */
export function sameValue(left: Value, right: Value): boolean {
  return isDeepStrictEqual(revealed(left), revealed(right));
}

/** Returns outputs as a report may show them: secrets and unknown values as `[secret]`, `[unknown]`. */
export function shownOutputs(outputs: ValueMap): Record<string, unknown> {
  const masked = mapSecrets(outputs, () => '[secret]');
  const show = (item: Value): Value => {
    if (item === UNKNOWN) return '[unknown]';
    if (Array.isArray(item)) return item.map(show);
    if (!isMap(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, show(inner)]));
  };
  return show(masked) as Record<string, Value>;
}

/** Whether a value contains an unknown value, at any depth. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}
