import { ManualClock, type KmsClock } from '../state/clock';
import { KmsError, validation } from '../errors/kms-error';
import type { Fault, FaultRule } from './faults';
import { KMS_OPERATIONS } from '../operations/registry';
import { isLocal } from './local-client';
import type { KmsRequest, Reply } from './protocol';
import type { Service } from './service';
import { STS_OPERATIONS } from '../sts/registry';
import { parseInput } from '../operations/shared/validation';

/** The beginning of the paths of the admin route. */
export const ADMIN_PREFIX = '/_admin/';

const COUNT = { type: 'integer', min: 1, max: Number.MAX_SAFE_INTEGER } as const;

const RULE = {
  operation: { type: 'string', required: true },
  call: COUNT,
  times: COUNT,
  fault: {
    type: 'structure',
    required: true,
    members: {
      kind: {
        type: 'string',
        enum: ['throttle', 'error', 'status', 'lose-response', 'cut', 'delay', 'garbage', 'hang'],
        required: true,
      },
      type: { type: 'string', min: 1 },
      message: { type: 'string' },
      status: { type: 'integer', min: 200, max: 599 },
      body: { type: 'string' },
      milliseconds: { type: 'integer', min: 0, max: 2 ** 31 - 1 },
    },
  },
} as const;

const CLOCK = {
  advanceSeconds: { type: 'integer', min: 0, max: 2 ** 40 },
  set: { type: 'string' },
} as const;

type Route = (body: Readonly<Record<string, unknown>>) => unknown;

/**
 * The admin route: clock, faults and calls, for tests in other languages.
 *
 * - `GET /_admin/clock`, `POST /_admin/clock` with `advanceSeconds` or `set`
 * - `POST /_admin/faults` with a fault rule, `DELETE /_admin/faults`
 * - `GET /_admin/calls`, `DELETE /_admin/calls`
 */
export class Admin {
  readonly #service: Service;
  readonly #clock: KmsClock;

  constructor(service: Service, clock: KmsClock) {
    this.#service = service;
    this.#clock = clock;
  }

  /** @param remoteAddress - the address of the client */
  handle(request: KmsRequest, remoteAddress: string | undefined): Reply {
    if (!isLocal(request, remoteAddress))
      return json(403, { message: 'The admin route serves only this machine.' });
    const route = this.#routes()[`${request.method} ${request.url.slice(ADMIN_PREFIX.length)}`];
    if (route === undefined) return json(404, { message: 'no such admin route' });
    try {
      return json(200, route(bodyOf(request)));
    } catch (error) {
      if (error instanceof KmsError) return json(error.status, { message: error.message });
      throw error;
    }
  }

  #routes(): Readonly<Record<string, Route>> {
    const { log, faults } = this.#service;
    return {
      'GET clock': () => ({ now: this.#clock.now().toISOString() }),
      'POST clock': (body) => this.#moveClock(body),
      'POST faults': (body) => {
        faults.add(faultRule(body));
        return {};
      },
      'DELETE faults': () => {
        faults.clear();
        return {};
      },
      'GET calls': () => ({ calls: log.all() }),
      'DELETE calls': () => {
        log.clear();
        return {};
      },
    };
  }

  #moveClock(body: Readonly<Record<string, unknown>>): unknown {
    const clock = this.#clock;
    if (!(clock instanceof ManualClock)) {
      throw new KmsError('Conflict', 'The clock follows the real time and cannot be moved.', 409);
    }
    const { advanceSeconds, set } = parseInput(CLOCK, body);
    if ((advanceSeconds === undefined) === (set === undefined)) {
      throw validation('Give either advanceSeconds or set.');
    }
    const now = clock.now().getTime();
    const target = set === undefined ? now + (advanceSeconds ?? 0) * 1000 : Date.parse(set);
    // The clock must not run backwards, because material that has expired stays expired.
    if (!(target >= now)) throw validation('set must be an RFC 3339 instant and not in the past.');
    clock.set(new Date(target));
    return { now: clock.now().toISOString() };
  }
}

function bodyOf({ method, headers, body }: KmsRequest): Readonly<Record<string, unknown>> {
  if (method !== 'POST') return {};
  if (headers['content-type']?.startsWith('application/json') !== true) {
    throw validation('The content type must be application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw validation('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw validation('The body is not a JSON object.');
  }
  return value as Readonly<Record<string, unknown>>;
}

function faultRule(body: Readonly<Record<string, unknown>>): FaultRule {
  const { operation, fault, call, times } = parseInput(RULE, body);
  if (!KMS_OPERATIONS.has(operation) && !STS_OPERATIONS.has(operation)) {
    throw validation(`Operation ${operation} is not served.`);
  }
  return {
    operation,
    fault: faultOf(fault),
    ...(call === undefined ? {} : { call }),
    ...(times === undefined ? {} : { times }),
  };
}

interface FaultMembers {
  readonly kind: Fault['kind'];
  readonly type?: string;
  readonly message?: string;
  readonly status?: number;
  readonly body?: string;
  readonly milliseconds?: number;
}

function faultOf({ kind, type, message, status, body, milliseconds }: FaultMembers): Fault {
  switch (kind) {
    case 'error':
      return {
        kind,
        type: needed(type, 'type'),
        ...(message === undefined ? {} : { message }),
        ...(status === undefined ? {} : { status }),
      };
    case 'status':
      return { kind, status: needed(status, 'status'), ...(body === undefined ? {} : { body }) };
    case 'delay':
      return { kind, milliseconds: needed(milliseconds, 'milliseconds') };
    case 'throttle':
    case 'lose-response':
    case 'cut':
    case 'garbage':
    case 'hang':
      return { kind };
  }
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw validation(`fault.${name} is needed for this kind of fault.`);
  return value;
}

function json(status: number, value: unknown): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(value) };
}
