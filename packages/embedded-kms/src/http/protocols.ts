import { jsonProtocol } from './json-protocol';
import type { KmsRequest, Protocol } from './protocol';
import { isQuery, queryProtocol } from './query-protocol';

/** Returns the protocol that a request is written in: Query for STS, else JSON. */
export function protocolOf(request: KmsRequest): Protocol {
  return isQuery(request) ? queryProtocol : jsonProtocol;
}
