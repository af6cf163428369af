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
 */
export function withoutSecrets(
  properties: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return guarded(properties) as Record<string, unknown>;
}

function guarded(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    value.forEach((item: unknown, index) => {
      define(list, String(index), item);
    });
    return list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [name, member] of Object.entries(value)) define(copy, name, member);
  return copy;
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(
    target,
    name,
    isSecret(value)
      ? { enumerable: true, configurable: true, get: refuse }
      : { enumerable: true, configurable: true, value: guarded(value) },
  );
}

function refuse(): never {
  throw new Error('the stack export has it as a secret');
}
