import type { Context } from '../../keys/context';
import { readGrantToken } from '../../keys/grants';
import type { Output } from '../../keys/output';
import type { InputOf, Members } from './shape';
import { parseInput } from './validation';

/** An operation in the registry, which reads a raw JSON object by its `types`. */
export interface Operation {
  readonly types: Members;
  /** @throws {@link KmsError} the error that AWS would answer. */
  handle(context: Context, raw: Readonly<Record<string, unknown>>): Output | Promise<Output>;
}

/** Defines an operation, whose `run` gets the input that the `types` table describes. */
export function operation<const M extends Members>(definition: {
  readonly types: M;
  readonly run: (context: Context, input: InputOf<M>) => Output | Promise<Output>;
}): Operation {
  const { types, run } = definition;
  return {
    types,
    handle(context, raw) {
      const input = parseInput(types, raw);
      assertGrantTokens(input);
      return run(context, input);
    },
  };
}

/** Grants are never evaluated, but a text that is not a token is refused (documented). */
function assertGrantTokens({ GrantTokens: tokens }: { readonly GrantTokens?: unknown }): void {
  if (Array.isArray(tokens)) for (const token of tokens as readonly string[]) readGrantToken(token);
}
