/**
 * Returns the value of a property; undefined if it is absent, null or unknown in a preview. For use
 * where an unknown value is as good as none.
 */
export function knownValue<T>(read: () => T): NonNullable<T> | undefined {
  try {
    return read() ?? undefined;
  } catch {
    // The SDK throws if code reads an unknown value.
    return undefined;
  }
}

/** Returns whether a property is set at all, known or not. */
export function isGiven(props: Readonly<Record<string, unknown>>, name: string): boolean {
  if (!(name in props)) return false;
  try {
    return props[name] !== undefined && props[name] !== null;
  } catch {
    return true;
  }
}

/** Returns the properties that the engine shows, with `unknown` as the type of each. */
export function propertiesOf(resource: {
  readonly props: Record<string, unknown>;
}): Readonly<Record<string, unknown>> {
  return resource.props;
}

/** Returns a text, or undefined for anything else. Throws if the value is unknown in a preview. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns a member of an object, or undefined. Throws if the value is unknown in a preview. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Returns one value or many as a list. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
