import { assert } from '../../errors';

// How the engine writes a secret (sdk/go/common/resource/properties.go of pulumi/pulumi).
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** Returns whether a value of a stack export is a secret, in clear or encrypted. */
export function isSecret(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (value as Readonly<Record<string, unknown>>)[SIGNATURE] === SECRET
  );
}

/**
 * Returns the properties of an exported resource. Reading a secret throws, as reading an unknown value does in a
 * preview, so that no secret gets into what is made of them.
 *
 * @throws {@link ByokError} `STACK_EXPORT`
 */
export function withoutSecrets(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return guarded(properties, 0) as Record<string, unknown>;
}

// Far deeper than the properties of any resource, and far from the end of the call stack.
const DEEPEST = 500;

function guarded(value: unknown, depth: number): unknown {
  assert(
    depth <= DEEPEST,
    'STACK_EXPORT',
    `the stack export has a property of more than ${DEEPEST} levels, which no Pulumi CLI writes: write it with pulumi stack export, and change nothing in it`,
  );
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item: unknown, index) => {
      define(list, String(index), item, depth);
    });
    return list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [name, member] of Object.entries(value)) define(copy, name, member, depth);
  return copy;
}

function define(target: object, name: string, value: unknown, depth: number): void {
  Object.defineProperty(
    target,
    name,
    isSecret(value)
      ? { enumerable: true, configurable: true, get: refuse }
      : { enumerable: true, configurable: true, value: guarded(value, depth + 1) },
  );
}

function refuse(): never {
  throw new Error('the stack export has it as a secret');
}
