import type { KmsError } from '../errors/kms-error';
import type { Output } from '../keys/output';
import type { Operation } from '../operations/shared/operation';
import type { Members } from '../operations/shared/shape';

/** The parts of a request that a protocol reads. */
export interface KmsRequest {
  readonly method: string;
  /** The path and query, as received. */
  readonly url: string;
  /** By lower-case name. Headers with the same name are joined, as HTTP allows. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** An answer, ready to be written. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * A wire format and the operations that use it. `read` throws only KmsError, when it cannot read the
 * body; the other methods do not throw.
 */
export interface Protocol {
  readonly operations: ReadonlyMap<string, Operation>;
  /** The operation that a request names; undefined when it names none. */
  operationOf(request: KmsRequest): string | undefined;
  read(request: KmsRequest, types: Members): Readonly<Record<string, unknown>>;
  success(operation: string, output: Output, requestId: string): Reply;
  failure(error: KmsError, requestId: string): Reply;
}
