import { namedProxy, shownProxy, type ProxySettings } from '../../domain/proxy';
import { asByokError } from '../../errors';
import { ok, problem, type Diagnosis } from './diagnosis';

/** Says through which proxy AWS is called, and from which setting it comes. */
export function diagnoseProxy(settings: ProxySettings, env: NodeJS.ProcessEnv): Diagnosis {
  try {
    const proxy = namedProxy(settings, env);
    return ok('Proxy', proxy === undefined ? 'none' : shownProxy(proxy));
  } catch (error) {
    const [found = '', remedy = ''] = asByokError(error).reason.split(': ');
    return problem('Proxy', found, remedy);
  }
}
