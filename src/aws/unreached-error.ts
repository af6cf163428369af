import { shownProxy, type Way } from '../domain/network';
import { shown } from '../domain/service-text';

/** The way of a request to its host. */
export interface Route extends Way {
  readonly host: string;
}

/**
 * A request that had no answer, and its way. It has the name and the code of the error that led to it, because the
 * SDK decides by them whether to repeat a call.
 */
export class UnreachedError extends Error {
  readonly code: string | undefined;
  readonly route: Route;

  constructor(cause: unknown, route: Route) {
    const { name, message, code } = cause as NodeJS.ErrnoException;
    super(message, { cause });
    this.name = name;
    this.code = code;
    this.route = route;
  }
}

/** Says in a message which host a request tried to reach, and how. */
export function routeText({ host, proxy, excludedBy }: Route): string {
  const name = shown(host);
  if (proxy !== undefined) return `${name} through the proxy ${shownProxy(proxy)}`;
  return excludedBy === undefined ? name : `${name} without a proxy (${excludedBy})`;
}
