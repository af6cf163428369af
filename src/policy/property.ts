/**
 * The value of a property; undefined when it is absent, null or unknown in a preview, for use where
 * an unknown value is as good as none.
 */
export function knownValue<T>(read: () => T): NonNullable<T> | undefined {
  try {
    return read() ?? undefined;
  } catch {
    // The SDK throws when an unknown value is read.
    return undefined;
  }
}

/** Whether a property is given at all, known or not. */
export function isGiven(props: Readonly<Record<string, unknown>>, name: string): boolean {
  if (!(name in props)) return false;
  try {
    return props[name] !== undefined && props[name] !== null;
  } catch {
    return true;
  }
}

/** The properties that the engine shows, with types that say that nothing is known of them. */
export function propertiesOf(resource: {
  readonly props: Record<string, unknown>;
}): Readonly<Record<string, unknown>> {
  return resource.props;
}

/** A text, or undefined for anything else; throws for a value that is unknown in a preview. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member of an object, or undefined; throws for a value that is unknown in a preview. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** One or many, as a list. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
