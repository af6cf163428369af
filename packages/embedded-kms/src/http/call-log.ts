import { parseKmsArn } from '../keys/key-arn';
import type { Output } from '../keys/output';
import type { Members, Shape } from '../operations/shared/shape';

/** One call, for a test to examine afterwards. */
export interface RecordedCall {
  /** AWS's name of the operation, of KMS or STS. */
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** The id of the key that the call names or creates, if any. */
  readonly keyId?: string;
  /** The `x-amzn-requestid` header of the answer. */
  readonly requestId: string;
  /** `ok`, the type of the error in the answer, or the kind of the fault that ended the call. */
  readonly outcome: string;
  /** The members that the operation knows, with `<blob>` in place of every blob and `<secret>` of every secret. */
  readonly input: Readonly<Record<string, unknown>>;
}

// A server that runs for days must not grow, so the log drops the oldest calls.
const MAX_CALLS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** The calls in the order in which they ended. */
export class CallLog {
  readonly #calls: { readonly call: RecordedCall; readonly bytes: number }[] = [];
  #bytes = 0;

  /** @param bytes - size of the request, which approximates the memory that the call takes */
  add(call: RecordedCall, bytes: number): void {
    this.#calls.push({ call, bytes });
    this.#bytes += bytes;
    while (this.#calls.length > MAX_CALLS || this.#bytes > MAX_BYTES) {
      this.#bytes -= this.#calls.shift()?.bytes ?? 0;
    }
  }

  clear(): void {
    this.#calls.length = 0;
    this.#bytes = 0;
  }

  /** Returns a copy, which later calls do not change. */
  all(): readonly RecordedCall[] {
    return this.#calls.map(({ call }) => call);
  }
}

/** Returns the part of a raw request that may be shown: the members in `types`, without blobs and secrets. */
export function withoutBlobs(
  types: Members,
  raw: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const shown = Object.entries(types)
    .filter(([name]) => Object.hasOwn(raw, name))
    .map(([name, shape]) => [name, withoutBlob(shape, raw[name])] as const);
  return Object.fromEntries(shown);
}

function withoutBlob(shape: Shape, value: unknown): unknown {
  if (shape.type === 'blob') return '<blob>';
  if (shape.type === 'string' && shape.isSecret === true) return '<secret>';
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((item: unknown) => withoutBlob(shape.member, item));
  }
  if (shape.type === 'structure' && typeof value === 'object' && value !== null) {
    return withoutBlobs(shape.members, value as Readonly<Record<string, unknown>>);
  }
  return value;
}

/** The id of the key that a request or an answer names, by id or ARN. */
export function keyIdOf(members: Readonly<Record<string, unknown>> | Output): string | undefined {
  const { KeyId: keyId, KeyMetadata: metadata } = members;
  if (typeof keyId === 'string') return parseKmsArn(keyId)?.name ?? keyId;
  return typeof metadata === 'object' && metadata !== null ? keyIdOf({ ...metadata }) : undefined;
}
