import { isDeepStrictEqual } from 'node:util';

/** A property value, in the form that it has on the wire. */
export type Value = null | boolean | number | string | readonly Value[] | ValueMap;

/** The properties of a resource. */
export interface ValueMap {
  readonly [key: string]: Value;
}

/** Stands for a value that is not known before an update: `UnknownStringValue` of Pulumi's engine. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

// Pulumi's own markers, sdk/go/common/resource/sig.
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

/** Whether a value is an object. */
export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is an object that carries the marker of a secret, open or sealed. */
export function isSecret(value: Value | undefined): value is ValueMap {
  return isMap(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** A secret with the given contents: its `value`, or its `ciphertext` in a state file. */
export function secret(contents: ValueMap): ValueMap {
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, ...contents };
}

/** Marks a value as secret, once. */
export function markSecret(value: Value): Value {
  return isSecret(value) ? value : secret({ value });
}

/** Rebuilds a value from the bottom up; `replace` sees each secret before its contents are visited. */
export function mapSecrets(value: Value, replace: (found: ValueMap) => Value): Value {
  if (isSecret(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item: Value) => mapSecrets(item, replace));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapSecrets(item, replace)]),
  );
}

/** The value without the markers of secrets, at any depth. */
export function revealed(value: Value): Value {
  return mapSecrets(value, (found) => revealed(found.value ?? null));
}

/** The properties without the markers of secrets, at any depth. */
export function revealedMap(properties: ValueMap): ValueMap {
  return revealed(properties) as ValueMap;
}

/** Whether there is a secret anywhere in a value. */
export function containsSecret(value: Value): boolean {
  let found = false;
  mapSecrets(value, (inner) => {
    found = true;
    return inner;
  });
  return found;
}

/** Whether two values are equal, whatever is secret in them. */
export function sameValue(left: Value, right: Value): boolean {
  return isDeepStrictEqual(revealed(left), revealed(right));
}

/** The value as a report may show it. */
export function shown(value: Value): unknown {
  const masked = mapSecrets(value, () => '[secret]');
  const show = (item: Value): Value => {
    if (item === UNKNOWN) return '[unknown]';
    if (Array.isArray(item)) return item.map(show);
    if (!isMap(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, show(inner)]));
  };
  return show(masked);
}

/** Whether a value, or anything in it, is unknown in a preview. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}
