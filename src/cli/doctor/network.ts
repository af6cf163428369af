import type { KmsConnection } from '../../aws/index';
import { parseKeyReference } from '../../domain/identifiers';
import { configuredProxy, namedProxy, shownProxy } from '../../domain/network';
import { asByokError } from '../../errors';
import { connectionIn, connectionTo } from '../aws';
import type { Io } from '../io';
import type { AwsOptions } from '../options';
import { ok, problem, type Diagnosis } from './diagnosis';
import type { StackSettings } from './stack';

/** Says through which proxy AWS is called, and from which setting it comes. */
export function diagnoseProxy({ config }: StackSettings, env: NodeJS.ProcessEnv): Diagnosis {
  try {
    const proxy = namedProxy(configuredProxy(config) ?? {}, env);
    return ok('Proxy', proxy === undefined ? 'none' : shownProxy(proxy));
  } catch (error) {
    const [found = '', remedy = ''] = asByokError(error).reason.split(': ');
    return problem('Proxy', found, remedy);
  }
}

/**
 * Returns how an update would connect to KMS: the Region of the options or of the key's ARN, then of the stack, and the
 * proxy of the stack.
 *
 * @throws {@link ByokError} `KEY_ID_FORMAT`, `REGION_MISMATCH`, `ENDPOINT_INSECURE`, `AWS_CONFIG_INVALID`
 */
export function connectionFor(
  keyId: string | undefined,
  options: AwsOptions,
  { config }: StackSettings,
  io: Io,
): KmsConnection {
  const isNamedWithRegion = keyId !== undefined && parseKeyReference(keyId).arn !== undefined;
  const connection = isNamedWithRegion
    ? connectionTo(keyId, options, io)
    : connectionIn(options.region ?? config('aws:region'), options, io);
  return { ...connection, proxy: configuredProxy(config) };
}
