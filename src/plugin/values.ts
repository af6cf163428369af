import type { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { asJson, UNKNOWN, type Properties } from '../provider/protocol';
import { protocol } from './pulumi-sdk';

// The markers of special values, sdk/go/common/resource/sig of pulumi/pulumi.
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const OUTPUT_VALUE = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';

/** Returns the properties in a message, without the marks of secrets; none for an absent message. */
export function fromStruct(message: Struct | undefined): Properties {
  return plain(message?.toJavaScript() ?? {}) as Properties;
}

/**
 * Returns the message of properties. Members that are undefined are left out.
 *
 * @param sources - the messages that the properties are made from: what is secret there is secret here
 */
export function toStruct(properties: object, ...sources: (Struct | undefined)[]): Struct {
  const secret = new Set(sources.flatMap((source) => secretNames(source)));
  const members = Object.entries(asJson(properties)).map(([name, value]) => [
    name,
    secret.has(name) ? { [SIGNATURE_KEY]: SECRET, value: value as unknown } : (value as unknown),
  ]);
  return protocol.struct.Struct.fromJavaScript(
    Object.fromEntries(members) as Record<string, never>,
  );
}

function secretNames(message: Struct | undefined): string[] {
  const properties = Object.entries(message?.toJavaScript() ?? {});
  return properties.flatMap(([name, value]) => (containsSecret(value) ? [name] : []));
}

function containsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { [SIGNATURE_KEY]: signature, secret } = value as Properties;
  return (
    signature === SECRET ||
    (signature === OUTPUT_VALUE && secret === true) ||
    Object.values(value).some(containsSecret)
  );
}

// A secret has its `value`. An output value without `value` is unknown.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Properties;
  switch (members[SIGNATURE_KEY]) {
    case SECRET:
      return plain(members.value);
    case OUTPUT_VALUE:
      return 'value' in members ? plain(members.value) : UNKNOWN;
    default:
      return Object.fromEntries(Object.entries(members).map(([name, each]) => [name, plain(each)]));
  }
}
