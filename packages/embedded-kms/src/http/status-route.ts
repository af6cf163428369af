import type { OutgoingHttpHeaders } from 'node:http';
import type { Store } from '../state/store';
import { statusPage } from '../status/page';
import { statusOf } from '../status/status';
import { isLocal } from './local-client';
import type { KmsRequest, Reply } from './protocol';
import type { Service } from './service';

/** The page for people. */
const PAGE = '/_status';

/** The same for programs. */
const JSON_PAGE = '/_status.json';

/** Keeps scripts and other pages away from the status. */
export const STATUS_HEADERS: OutgoingHttpHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** `GET /_status` and `GET /_status.json`: what the server has and did, for people and programs on this machine. */
export class StatusRoute {
  readonly #service: Service;
  readonly #store: Store;

  constructor(service: Service, store: Store) {
    this.#service = service;
    this.#store = store;
  }

  /** Whether a request is for this route. */
  takes({ method, url }: KmsRequest): boolean {
    return method === 'GET' && (url === PAGE || url === JSON_PAGE);
  }

  /** @param remoteAddress - the address of the client */
  handle(request: KmsRequest, remoteAddress: string | undefined): Reply {
    if (!isLocal(request, remoteAddress)) {
      return json(403, { message: 'The status serves only this machine.' });
    }
    const { faults, log } = this.#service;
    const status = statusOf({ store: this.#store, faults: faults.armed(), calls: log.all() });
    return request.url === PAGE
      ? { status: 200, contentType: 'text/html; charset=utf-8', body: statusPage(status) }
      : json(200, status);
  }
}

function json(status: number, value: unknown): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}
