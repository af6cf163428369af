import type { Members, Shape } from '../operations/shared/shape';

/** One call, as a test looks at it afterwards. */
export interface RecordedCall {
  /** AWS's name of the operation, of KMS or STS. */
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** The id of the key that the call is about, when it names or makes one. */
  readonly keyId?: string;
  /** As in the `x-amzn-requestid` header of the answer. */
  readonly requestId: string;
  /** `ok`, the type of the error that was answered, or the kind of the fault that cut the call. */
  readonly outcome: string;
  /** The members that the operation knows; every blob is replaced by `<blob>`. */
  readonly input: Readonly<Record<string, unknown>>;
}

// Both keep a server that runs for days from growing: the oldest calls are dropped.
const MAX_CALLS = 10_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** The calls in the order in which they ended. */
export class CallLog {
  readonly #calls: { readonly call: RecordedCall; readonly bytes: number }[] = [];
  #bytes = 0;

  /** @param bytes - of the request, a measure of what its members take */
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

  /** A copy: it does not change when more calls come. */
  all(): readonly RecordedCall[] {
    return this.#calls.map(({ call }) => call);
  }
}

/** The part of a raw request that may be shown: what the types name, without blobs. */
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
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((item: unknown) => withoutBlob(shape.member, item));
  }
  if (shape.type === 'structure' && typeof value === 'object' && value !== null) {
    return withoutBlobs(shape.members, value as Readonly<Record<string, unknown>>);
  }
  return value;
}
