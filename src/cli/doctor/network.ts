import type { KmsConnection } from '../../aws/index';
import { configuredProxy, namedProxy, shownProxy } from '../../domain/network';
import { asByokError } from '../../errors';
import { connectionTo } from '../aws';
import type { Io } from '../io';
import type { AwsOptions } from '../options';
import { ok, problem, type Diagnosis } from './diagnosis';
import type { StackSettings } from './stack';

const CREDENTIALS = ['aws:accessKey', 'aws:secretKey', 'aws:token'];

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
 * Returns how an update of the stack would connect to KMS. The options replace the configuration of the stack, which
 * replaces the variables that the AWS CLI reads.
 *
 * @throws {@link ByokError} the codes of {@link connectionTo}
 */
export function connectionFor(
  keyId: string | undefined,
  options: AwsOptions,
  { config, secrets }: StackSettings,
  io: Io,
): KmsConnection {
  // Credentials of which a part is secret cannot be tried.
  const unread = CREDENTIALS.some((key) => secrets.includes(key)) ? CREDENTIALS : [];
  return connectionTo(keyId, options, io, (key) =>
    unread.includes(key) ? undefined : config(key),
  );
}
