import { DECLARED_PROXY } from '../../domain/declared-proxy';
import { omitUndefined } from '../../domain/omit-undefined';
import { ByokError } from '../../errors';
import type { KmsConnection } from '../../aws/connection';
import { resolveConnection } from '../../provider/connection';
import type { ConnectionInputs } from '../../provider/schema';
import { nameOf, type ExportedResource } from './stack-export';

/** How a resource of this package reaches a key that an explicit aws provider manages. */
export interface ProviderConnection {
  /** Absent if the configuration of the stack and the ARN of the key say everything. */
  readonly connection?: ConnectionInputs;
  /** Settings of the provider that `connection` cannot have. */
  readonly note?: string;
}

/**
 * Makes the `connection` of material from the aws provider of its key. The resources of this package do not see that
 * provider, so the program has to repeat the profile, the role and the endpoints. Never returns credentials.
 *
 * @param resource - the key
 * @param state - the resources of the export
 */
export function connectionOfProvider(
  resource: ExportedResource | undefined,
  state: readonly ExportedResource[],
  keyArn: string,
): ProviderConnection {
  const found = state.find(
    ({ urn, id, type }) =>
      type === 'pulumi:providers:aws' &&
      resource?.provider === `${urn}::${id ?? ''}` &&
      !isDefault(urn),
  );
  if (found === undefined) return {};
  const { inputs } = found;
  const config = (key: string): string | undefined => {
    const value = inputs?.[key.replace(/^aws:/, '')] ?? undefined;
    // The engine has objects as JSON text. A secret is an object, and is left out.
    return typeof value === 'object' ? undefined : (value as string | undefined)?.toString();
  };
  try {
    const resolved = resolveConnection(keyArn, undefined, config);
    const connection = inputsOf(resolved);
    return {
      ...(Object.keys(connection).length === 0 ? {} : { connection }),
      ...(hasCredentials(inputs)
        ? {
            note: 'has credentials of its own, which connection cannot have: name a profile or a role there, and set HTTPS_PROXY for a proxy with a password',
          }
        : {}),
    };
  } catch (error) {
    if (!(error instanceof ByokError)) throw error;
    return {
      note: `has settings that cannot be repeated as a connection (${error.message}): declare a connection that reaches the key`,
    };
  }
}

// The engine makes default providers from the configuration of the stack, which this package reads too.
function isDefault(urn: string): boolean {
  return /^default(?:_|$)/.test(nameOf(urn));
}

function hasCredentials(inputs: ExportedResource['inputs']): boolean {
  return (
    ['accessKey', 'secretKey', 'token'].some((name) => inputs?.[name] !== undefined) ||
    ['httpProxy', 'httpsProxy'].some((name) => hasPassword(inputs?.[name]))
  );
}

// A secret of the export is an object.
function hasPassword(proxy: unknown): boolean {
  if (typeof proxy === 'string') return !DECLARED_PROXY.test(proxy);
  return typeof proxy === 'object' && proxy !== null;
}

function withoutPassword(proxy: string | undefined): string | undefined {
  return proxy !== undefined && DECLARED_PROXY.test(proxy) ? proxy : undefined;
}

function inputsOf(resolved: KmsConnection): ConnectionInputs {
  const { profile, endpoint, stsRegion, useFipsEndpoint, useDualstackEndpoint, retryMode } =
    resolved;
  const { allowedAccountIds, forbiddenAccountIds, maxAttempts, assumeRole, proxy } = resolved;
  const endpoints = omitUndefined({
    sts: resolved.stsEndpoint,
    secretsmanager: resolved.secretsManagerEndpoint,
    ssm: resolved.ssmEndpoint,
  });
  return omitUndefined({
    profile,
    endpoint,
    stsRegion,
    httpProxy: withoutPassword(proxy?.httpProxy),
    httpsProxy: withoutPassword(proxy?.httpsProxy),
    noProxy: proxy?.noProxy,
    useFipsEndpoint,
    useDualstackEndpoint,
    retryMode,
    allowedAccountIds: allowedAccountIds === undefined ? undefined : [...allowedAccountIds],
    forbiddenAccountIds: forbiddenAccountIds === undefined ? undefined : [...forbiddenAccountIds],
    maxRetries: maxAttempts === undefined ? undefined : maxAttempts - 1,
    endpoints: Object.keys(endpoints).length === 0 ? undefined : endpoints,
    assumeRole:
      assumeRole === undefined
        ? undefined
        : omitUndefined({
            roleArn: assumeRole.roleArn,
            externalId: assumeRole.externalId,
            sessionName: assumeRole.sessionName,
            duration:
              assumeRole.durationSeconds === undefined
                ? undefined
                : `${assumeRole.durationSeconds}s`,
          }),
  });
}
