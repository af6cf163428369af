import type { OfflineStackOptions } from './contract';
import type { Project } from './project';
import { DYNAMIC_PACKAGE } from './urn';
import { markSecret, type Value, type ValueMap } from './values';

/** One configuration value of a stack. Its key includes the namespace. */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** Returns the configuration of the stack, which takes precedence over the defaults in Pulumi.yaml. */
export function resolveConfig(
  project: Project,
  given: OfflineStackOptions['config'] = {},
): ConfigEntry[] {
  const entries = new Map<string, ConfigEntry>();
  for (const [name, input] of Object.entries({ ...project.config, ...given })) {
    const key = name.includes(':') ? name : `${project.name}:${name}`;
    entries.set(
      key,
      typeof input === 'string'
        ? { key, value: input, secret: false }
        : { key, value: input.value, secret: true },
    );
  }
  return [...entries.values()];
}

/**
 * Returns the inputs of a package's default provider: the configuration of its namespace, or for dynamic
 * providers the whole configuration, with namespaces in the names.
 */
export function providerConfig(pkg: string, config: readonly ConfigEntry[]): ValueMap {
  const inputs: Record<string, Value> = {};
  for (const { key, value, secret } of config) {
    const [namespace, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    if (pkg !== DYNAMIC_PACKAGE && namespace !== pkg) continue;
    inputs[pkg === DYNAMIC_PACKAGE ? key : name] = secret ? markSecret(value) : value;
  }
  return inputs;
}
