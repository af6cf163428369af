import { malformedPolicy } from '../errors/policy-errors';

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of an element that can have one or several. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * Reads a JSON object.
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException when the text is something else, or an object in it has
 * the same key twice, of which JSON.parse would ignore the first (IAM User Guide, notes on the grammar).
 */
export function readObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformedPolicy('it is not JSON');
  }
  if (!isObject(value)) throw malformedPolicy('it is not a JSON object');
  if (hasKeyTwice(text)) throw malformedPolicy('an object has the same key twice');
  return value;
}

const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\]:]/g;

/** Whether an object in valid JSON has the same key twice. */
function hasKeyTwice(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    if (token === '[') open.push(undefined);
    if (token === '}' || token === ']') open.pop();
    if (token === ':') {
      const keys = open.at(-1);
      const key = JSON.parse(last) as string;
      if (keys?.has(key) === true) return true;
      keys?.add(key);
    }
    last = token;
  }
  return false;
}
