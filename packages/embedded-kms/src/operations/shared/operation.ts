import type { Context } from '../../keys/context';
import type { Output } from '../../keys/output';
import type { InputOf, Members } from './shape';
import { parseInput } from './validation';

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
