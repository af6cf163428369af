import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallLog, keyIdOf, withoutBlobs } from './call-log';
import { callerOf, type Caller } from './caller';
import { internalFailure, KmsError, throttled, unknownOperation } from '../errors/kms-error';
import { FaultPlan, type Fault } from './faults';
import type { Surroundings } from '../keys/context';
import { recordUsage } from '../keys/last-usage';
import type { Operation } from '../operations/shared/operation';
import type { CallEvent, KmsOptions } from '../options';
import type { KmsRequest, Protocol, Reply } from './protocol';
import { protocolOf } from './protocols';
import { Quotas } from './quotas';
import { signatureAuthenticator, type Authenticator } from './signatures';

/** The parts of a service. */
interface ServiceParts {
  readonly surroundings: Surroundings;
  /** The account of callers whose access key id names none. */
  readonly accountId: string;
  readonly quotas: Quotas | undefined;
  readonly authenticate: Authenticator | undefined;
  readonly onCall: KmsOptions['onCall'];
}

/** The result on the connection: an answer, an abrupt end, or nothing. */
export type Answer =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly requestId: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' };

/** A call that is being served. */
interface Call {
  readonly request: KmsRequest;
  readonly protocol: Protocol;
  readonly name: string;
  readonly requestId: string;
  readonly caller: Caller;
  readonly operation: Operation | KmsError;
  readonly raw: Readonly<Record<string, unknown>>;
}

interface Result {
  readonly outcome: string;
  readonly reply: Reply;
  readonly keyId: string | undefined;
}

/**
 * Makes a service for callers whose access key id names no account of its own.
 *
 * @throws TypeError when a quota is not a positive number
 */
export async function startService(
  surroundings: Surroundings,
  accountId: string,
  { quotas, verifySignatures, onCall }: KmsOptions,
): Promise<Service> {
  return new Service({
    surroundings,
    accountId,
    quotas: quotas && new Quotas(quotas),
    authenticate: verifySignatures && (await signatureAuthenticator(verifySignatures)),
    onCall,
  });
}

/**
 * Answers requests, without HTTP: finds the protocol, the operation and the caller, applies faults,
 * runs the operation and keeps the log. Never throws.
 */
export class Service {
  readonly log = new CallLog();
  readonly faults = new FaultPlan();
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** @param stopped - ends delays when the server closes */
  async handle(request: KmsRequest, stopped: AbortSignal): Promise<Answer> {
    const call = this.#read(request);
    const fault = this.faults.take(call.name);
    switch (fault?.kind) {
      case 'cut':
      case 'hang':
        this.#record(call, fault.kind, keyIdOf(call.raw));
        return { kind: fault.kind };
      case 'throttle':
      case 'error':
        return this.#answer(call, failed(call, faultError(fault)));
      case 'status': {
        const { status, body = '' } = fault;
        const reply = { status, contentType: 'text/plain', body };
        return this.#answer(call, { outcome: fault.kind, reply, keyId: keyIdOf(call.raw) });
      }
      case 'delay':
        try {
          await sleep(fault.milliseconds, undefined, { signal: stopped });
        } catch {
          return { kind: 'cut' };
        }
        return this.#answer(call, await this.#perform(call));
      case 'lose-response': {
        const { keyId } = await this.#perform(call);
        this.#record(call, fault.kind, keyId);
        return { kind: 'cut' };
      }
      case 'garbage': {
        const { keyId, reply } = await this.#perform(call);
        const garbage = { ...reply, status: 200, body: '<<< not what was asked for' };
        return this.#answer(call, { outcome: fault.kind, reply: garbage, keyId });
      }
      case undefined:
        return this.#answer(call, await this.#perform(call));
    }
  }

  #read(request: KmsRequest): Call {
    const { surroundings, accountId } = this.#parts;
    const protocol = protocolOf(request);
    const name = protocol.operationOf(request) ?? 'Unknown';
    const found = protocol.operations.get(name);
    let operation: Call['operation'] = found ?? unknownOperation(name);
    let raw: Call['raw'] = {};
    try {
      if (found !== undefined) raw = protocol.read(request, found.types);
    } catch (error) {
      operation = asKmsError(name, error);
    }
    const sessions = surroundings.store.state.sessions;
    const caller = callerOf(request.headers.authorization, sessions, accountId);
    // The request id is only a name for the call, so it need not come from the injected function.
    return { request, protocol, name, requestId: randomUUID(), caller, operation, raw };
  }

  async #perform(call: Call): Promise<Result> {
    const { protocol, name, operation, raw, caller, requestId } = call;
    const { onCall, surroundings } = this.#parts;
    try {
      const refusal = await this.#refusal(call);
      if (refusal !== undefined) return failed(call, refusal);
      if (operation instanceof KmsError) return failed(call, operation);
      await onCall?.(callEvent(name, 'before', keyIdOf(raw)));
      const { accessKeyId, accountId, region } = caller;
      const now = surroundings.store.now();
      const context = { ...surroundings, accessKeyId, accountId, region, now };
      const output = await operation.handle(context, raw);
      recordUsage(context, { operation: name, output, requestId });
      const keyId = keyIdOf(raw) ?? keyIdOf(output);
      await onCall?.(callEvent(name, 'after', keyId));
      return { outcome: 'ok', reply: protocol.success(name, output, requestId), keyId };
    } catch (error) {
      return failed(call, asKmsError(name, error));
    }
  }

  /** Returns why a call does not reach its operation: first the signature, then the quota, as in AWS. */
  async #refusal({ request, name, caller, raw }: Call): Promise<KmsError | undefined> {
    const { authenticate, quotas, surroundings } = this.#parts;
    const { store } = surroundings;
    const unauthenticated = await authenticate?.(request, store.state.sessions);
    if (unauthenticated !== undefined) return unauthenticated;
    return quotas?.take(caller, name, raw, store.now()) === false ? throttled() : undefined;
  }

  #answer(call: Call, { outcome, reply, keyId }: Result): Answer {
    this.#record(call, outcome, keyId);
    return { kind: 'reply', reply, requestId: call.requestId };
  }

  #record(call: Call, outcome: string, keyId: string | undefined): void {
    const { request, name, caller, requestId, operation, raw } = call;
    const recorded = {
      operation: name,
      accountId: caller.accountId,
      region: caller.region,
      ...(keyId === undefined ? {} : { keyId }),
      requestId,
      outcome,
      input: operation instanceof KmsError ? {} : withoutBlobs(operation.types, raw),
    };
    this.log.add(recorded, request.body.length);
  }
}

function failed({ protocol, requestId, raw }: Call, error: KmsError): Result {
  return {
    outcome: error.type,
    reply: protocol.failure(error, requestId),
    keyId: keyIdOf(raw),
  };
}

function faultError(fault: Extract<Fault, { kind: 'throttle' | 'error' }>): KmsError {
  if (fault.kind === 'throttle') return throttled();
  return new KmsError(fault.type, fault.message, fault.status);
}

function asKmsError(operation: string, error: unknown): KmsError {
  return error instanceof KmsError ? error : internalFailure(operation, error);
}

function callEvent(
  operation: string,
  phase: CallEvent['phase'],
  keyId: string | undefined,
): CallEvent {
  return { operation, phase, ...(keyId === undefined ? {} : { keyId }) };
}
