import { omitUndefined } from '../domain/omit-undefined';
import { namedProxy, type ProxySettings } from '../domain/proxy';

/**
 * Returns the proxy settings of the stack; undefined if it has none.
 *
 * @throws {@link ByokError} `AWS_CONFIG_INVALID`
 */
export function configuredProxy(
  config: (key: string) => string | undefined,
): ProxySettings | undefined {
  const httpProxy = config('aws:httpProxy');
  const httpsProxy = config('aws:httpsProxy');
  const noProxy = config('aws:noProxy');
  const settings = omitUndefined({ httpProxy, httpsProxy, noProxy });
  if (Object.keys(settings).length === 0) return undefined;
  namedProxy(settings, {});
  return settings;
}
