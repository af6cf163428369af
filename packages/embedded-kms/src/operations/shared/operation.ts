import type { ImportTokens } from '../../keys/import-token';
import type { InputOf, Members } from './shape';
import type { Store } from '../../state/store';
import { parseInput } from './validation';
import type { WrappingKeys } from '../../crypto/wrapping-keys';

/** What is the same for all calls to a server. */
export interface Surroundings {
  readonly store: Store;
  readonly tokens: ImportTokens;
  readonly wrappingKeys: WrappingKeys;
  /** How long an on-demand rotation takes until it is visible. */
  readonly rotationMilliseconds: number;
  /** How long a new replica is Creating, and how long primary keys that change are Updating. */
  readonly replicationMilliseconds: number;
  /** For how long a new key is not found yet. */
  readonly propagationMilliseconds: number;
}

/** What an operation works with. Nothing in it knows of HTTP. */
export interface Context extends Surroundings {
  /** From the caller's signature; undefined when the request is not signed. */
  readonly accessKeyId: string | undefined;
  /** The caller's account and Region. */
  readonly accountId: string;
  readonly region: string;
  /** The instant of the call, epoch milliseconds. */
  readonly now: number;
}

/** A value in an answer. Buffers become base64 and Dates epoch seconds. */
export type OutputValue =
  string | number | boolean | Buffer | Date | readonly OutputValue[] | Output | undefined;

/** The members of an answer; undefined ones are left out. */
export interface Output {
  readonly [member: string]: OutputValue;
}

/** An operation in the registry: reads a raw JSON object by its `types`, and runs. */
export interface Operation {
  readonly types: Members;
  /** @throws {@link KmsError} whatever AWS would answer. */
  handle(context: Context, raw: Readonly<Record<string, unknown>>): Output | Promise<Output>;
}

/** Defines an operation; `run` gets the input that the `types` table promises. */
export function operation<const M extends Members>(definition: {
  readonly types: M;
  readonly run: (context: Context, input: InputOf<M>) => Output | Promise<Output>;
}): Operation {
  const { types, run } = definition;
  return { types, handle: (context, raw) => run(context, parseInput(types, raw)) };
}
