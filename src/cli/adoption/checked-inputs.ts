import { BYOK_ERROR_CODES, ByokError } from '../../errors';
import { check } from '../../provider/imported-key-material/check';
import type { CheckedInputs } from '../../provider/imported-key-material/inputs';
import { PlaintextCache } from '../../provider/imported-key-material/read-material';
import type { Io } from '../io';

/**
 * Checks the arguments of a resource as the provider does at preview.
 *
 * @throws {@link ByokError} the first failure of the check
 */
export async function checkedInputs(
  args: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<CheckedInputs> {
  const plaintexts = new PlaintextCache();
  try {
    const { inputs, failures } = await check({}, asJson(args), {
      now: io.now,
      env: io.env,
      config: () => undefined,
      plaintexts,
    });
    const [failure] = failures;
    if (failure !== undefined) throw asError(failure.reason);
    return asJson(inputs) as unknown as CheckedInputs;
  } finally {
    plaintexts.clear();
  }
}

// The engine passes JSON, in which nothing is undefined.
function asJson(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}

// The reason of a failure is the message of a ByokError, with its code at the end.
function asError(reason: string): ByokError {
  const [, sentence = reason, name] = /^(.*) \[([A-Z0-9_]+)\]$/s.exec(reason) ?? [];
  return new ByokError(BYOK_ERROR_CODES.find((code) => code === name) ?? 'INTERNAL', sentence);
}
