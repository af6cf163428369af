import { isMap, sameValue, UNKNOWN, type Value, type ValueMap } from '../engine/values';
import type { Attribute, ResourceType } from './resource';

/** The differences between the recorded state and the inputs of a program. */
export interface Comparison {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
}

/**
 * Compares as the real provider does: the new inputs with the recorded state, not with the earlier inputs.
 * A property that the program never set is a difference once a refresh has recorded a value for it, unless
 * the schema says that it is computed.
 */
export function compareInputs(
  { attributes }: ResourceType,
  state: ValueMap,
  news: ValueMap,
  ignoreChanges: readonly string[],
): Comparison {
  const changed = Object.entries(attributes)
    .filter(([name]) => !ignoreChanges.includes(name) && !ignoreChanges.includes('*'))
    .filter(([name, attribute]) => differs(attribute, state[name], news[name]))
    .map(([name]) => name);
  return { changed, replaces: changed.filter((name) => attributes[name]?.forceNew === true) };
}

function differs(
  { computed, fallback, means }: Attribute,
  before: Value | undefined,
  after: Value | undefined,
): boolean {
  if (after === undefined && computed === true) return false;
  const left = isEmpty(before) ? fallback : before;
  const right = isEmpty(after) ? fallback : after;
  if (left === undefined || right === undefined) return left !== right;
  if (right === UNKNOWN) return true;
  if (typeof left === 'string' && typeof right === 'string' && means?.(left, right) === true) {
    return false;
  }
  return !sameValue(left, right);
}

function isEmpty(value: Value | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (isMap(value) && Object.keys(value).length === 0)
  );
}

/** Whether two JSON texts have the same content. */
export function sameJson(left: string, right: string): boolean {
  try {
    return sameValue(JSON.parse(left) as Value, JSON.parse(right) as Value);
  } catch {
    return false;
  }
}

/** Whether two key IDs or key ARNs name the same key. */
export function sameKeyReference(left: string, right: string): boolean {
  return left.split('/').at(-1) === right.split('/').at(-1);
}
