import type { Properties } from '../provider/protocol';
import { isInitFailure } from './handlers';
import type { Step, Timeouts } from '../provider/wait';

/**
 * Takes a step within the time limit of the option `customTimeouts`, unless the input `timeouts` has one. State keeps
 * only the input.
 */
export async function withTimeout<Result extends { readonly outs: object }>(
  step: Step,
  request: { getTimeout(): number },
  properties: Properties,
  take: (properties: Properties) => Promise<Result>,
): Promise<Result> {
  const declared = properties.timeouts as Timeouts | undefined;
  const seconds = Math.ceil(request.getTimeout());
  if (seconds === 0 || declared?.[step] !== undefined) return take(properties);
  try {
    const result = await take({ ...properties, timeouts: { ...declared, [step]: seconds } });
    return { ...result, outs: { ...result.outs, timeouts: declared } };
  } catch (error) {
    if (!isInitFailure(error)) throw error;
    throw Object.assign(error, { properties: { ...error.properties, timeouts: declared } });
  }
}
