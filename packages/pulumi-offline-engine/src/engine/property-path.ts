import { isMap, type Value, type ValueMap } from './values';

type Mutable = Record<string | number, Value | undefined>;

/**
 * Returns the inputs with the previous values of the properties that `ignoreChanges` names. Paths have
 * Pulumi's syntax: `a`, `a.b`, `a[0].b`, `a["b.c"]`, `a[*]`.
 */
export function ignoreChanges(
  inputs: ValueMap,
  oldInputs: ValueMap,
  paths: readonly string[],
): ValueMap {
  const kept = structuredClone(inputs);
  for (const path of paths) restore(kept, oldInputs, parse(path));
  return kept;
}

/** Whether a path names this top-level property, or a part of it. */
export function startsAt(path: string, property: string): boolean {
  const [first] = parse(path);
  return first === '*' || first === property;
}

function parse(path: string): string[] {
  const parts = path.match(/[^.[\]]+|\["(?:[^"\\]|\\.)*"\]/g) ?? [];
  return parts.map((part) =>
    part.startsWith('["') ? (JSON.parse(part.slice(1, -1)) as string) : part,
  );
}

function restore(into: Mutable, from: Mutable, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return;
  if (key === '*') {
    for (const each of new Set([...Object.keys(into), ...Object.keys(from)])) {
      restore(into, from, [each, ...rest]);
    }
    return;
  }
  const [now, before] = [into[key], from[key]];
  if (rest.length > 0) {
    if (isContainer(now) && isContainer(before)) restore(now, before, rest);
  } else if (before !== undefined) {
    into[key] = before;
  } else if (!Array.isArray(into)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a property map, not an object
    delete into[key];
  }
}

function isContainer(value: Value | undefined): value is Mutable & Value {
  return isMap(value) || Array.isArray(value);
}
