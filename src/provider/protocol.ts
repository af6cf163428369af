import { asByokError, ByokError, assert } from '../errors';
import { SCHEMA_VERSION } from './imported-key-material/outputs';

/** Properties as they arrive over the dynamic provider protocol: JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the dynamic provider host of `@pulumi/pulumi` calls. */
export interface DynamicProvider<Outs extends object = object> {
  configure(request: { readonly config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(inputs: Properties): Promise<{ readonly id: string; readonly outs: Outs }>;
  read(id: string, props: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<{ readonly outs: Outs }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** The answer of `check`. */
export interface CheckResult {
  readonly inputs: Record<string, unknown>;
  readonly failures: { readonly property: string; readonly reason: string }[];
}

/** The answer of `diff`; `changes` is always given, or the engine would compare inputs itself. */
export interface DiffResult {
  readonly changes: boolean;
  readonly replaces: string[];
}

/** The answer of `read`; without an ID the resource is gone. */
export interface ReadResult {
  readonly id?: string;
  readonly props?: Properties;
}

/** For a call that finds its key gone: undefined then. */
export function ignoreNotFound(error: unknown): undefined {
  if (error instanceof ByokError && error.code === 'KEY_NOT_FOUND') return undefined;
  throw error;
}

/**
 * What stands in state, if this version can read it.
 *
 * @throws {@link ByokError} `STATE_TOO_NEW`
 */
export function readState<Outs>(props: Properties): Partial<Outs> {
  const { schemaVersion } = props;
  assert(
    typeof schemaVersion !== 'number' || schemaVersion <= SCHEMA_VERSION,
    'STATE_TOO_NEW',
    'the state was written by a later version of pulumi-kms-byok: install that version or a later one',
  );
  return props as Partial<Outs>;
}

/** Lets nothing but {@link ByokError} out of a method: the engine shows the message of whatever is thrown. */
export function guarded<Arguments extends unknown[], Result>(
  method: (...args: Arguments) => Promise<Result>,
): (...args: Arguments) => Promise<Result> {
  return async (...args) => {
    try {
      return await method(...args);
    } catch (error) {
      throw asByokError(error);
    }
  };
}

/** JSON in one order of members, because the keys of a protobuf Struct come back in another order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
