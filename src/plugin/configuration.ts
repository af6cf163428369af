import { withNames } from '../domain/input-names';
import { asByokError, type ByokError } from '../errors';
import { parseJson, resolveConnection, type StackConfig } from '../provider/connection';
import { parseStrictly } from '../provider/input-errors';
import { containsUnknown, knownPart, withoutNull, type Properties } from '../provider/protocol';
import { configuredAccountIds, connection, type ConnectionInputs } from '../provider/schema';

const configuration = connection.extend({
  allowedAccountIds: configuredAccountIds.optional(),
  forbiddenAccountIds: configuredAccountIds.optional(),
});

/**
 * Checks the inputs of the provider.
 *
 * @returns errors with the codes `INPUT_INVALID`, `UNKNOWN_INPUT`, `ENDPOINT_INSECURE`
 * and `AWS_CONFIG_INVALID`
 */
export function checkConfiguration(inputs: Properties): readonly ByokError[] {
  const declared = declaredConfiguration(inputs);
  const { errors, inputs: known } = parseStrictly(configuration, declared, 'Provider');
  if (errors.length > 0 || containsUnknown(declared)) return errors;
  try {
    resolveConnection(undefined, undefined, stackConfigOf(known));
    return [];
  } catch (error) {
    // Resources read it as the `aws:*` configuration of a stack.
    return [withNames(asByokError(error), (text) => text.replaceAll('aws:', 'kms-byok:'))];
  }
}

/** Returns the inputs of the provider in the form in which resources read the `aws:*` configuration of a stack. */
export function configurationOf(inputs: Properties): StackConfig {
  return stackConfigOf(knownPart(declaredConfiguration(inputs)) as ConnectionInputs);
}

// The engine adds members of its own, and the SDKs pass everything but text as JSON text.
function declaredConfiguration(inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(withoutNull(inputs))
      .filter(
        ([name]) => name !== 'version' && name !== 'pluginDownloadURL' && !name.startsWith('__'),
      )
      .map(([name, value]) => [name, isAccepted(name, value) ? value : fromJson(value)]),
  );
}

function isAccepted(name: string, value: unknown): boolean {
  return (
    name in configuration.shape &&
    configuration.shape[name as keyof ConnectionInputs].safeParse(value).success
  );
}

function fromJson(value: unknown): unknown {
  const json = typeof value === 'string' ? parseJson(value) : undefined;
  return json === undefined ? value : json;
}

function stackConfigOf({ endpoint, endpoints, ...inputs }: Partial<ConnectionInputs>): StackConfig {
  const urls = { ...(endpoint === undefined ? {} : { kms: endpoint }), ...endpoints };
  const values = new Map<string, unknown>(Object.entries({ ...inputs, endpoints: [urls] }));
  return (key) => {
    const value = values.get(key.replace(/^aws:/, ''));
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  };
}
