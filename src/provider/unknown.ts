/** What stands for a value that is not known in a preview: `pulumi.runtime.unknownValue`. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Whether this value, or anything in it, is unknown in a preview. */
export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}

/**
 * Leaves out what is null, which is how an output that resolved to undefined arrives.
 */
export function withoutNull(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return pruned(value, (member) => member === null) as Record<string, unknown>;
}

/**
 * Leaves out what is unknown. An array with an unknown element is left out whole: its length is not
 * known either.
 */
export function knownPart(value: unknown): unknown {
  return pruned(
    value,
    (member) => member === UNKNOWN || (Array.isArray(member) && containsUnknown(member)),
  );
}

function pruned(value: unknown, isDropped: (value: unknown) => boolean): unknown {
  if (isDropped(value)) return undefined;
  if (Array.isArray(value)) return value.map((member) => pruned(member, isDropped));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => !isDropped(member))
      .map(([key, member]) => [key, pruned(member, isDropped)]),
  );
}
