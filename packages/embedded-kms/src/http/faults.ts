/**
 * Something that goes wrong with a call:
 *
 * - `throttle`: AWS's ThrottlingException, before the effect
 * - `error`: an AWS error of your choice, before the effect. Default status: 400
 * - `status`: an answer from something other than AWS, such as a proxy, with this HTTP status and text,
 *   before the effect
 * - `lose-response`: the effect happens, then the connection is cut
 * - `cut`: the connection is cut before the effect
 * - `delay`: the call is served after this many milliseconds of real time
 * - `garbage`: the effect happens, and the answer is 200 with a body that is not JSON
 * - `hang`: no effect and no answer; the connection stays open until either side closes
 */
export type Fault =
  | { readonly kind: 'throttle' }
  | {
      readonly kind: 'error';
      readonly type: string;
      readonly message?: string;
      readonly status?: number;
    }
  | { readonly kind: 'status'; readonly status: number; readonly body?: string }
  | { readonly kind: 'lose-response' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'hang' };

/** The calls that a fault hits. AWS clients retry, and each attempt is a call. */
export interface FaultRule {
  /** AWS's name of the operation, of KMS or STS. */
  readonly operation: string;
  /** The first call that is hit, counted from 1 since the rule was added. Default: 1. */
  readonly call?: number;
  /** How many calls in a row are hit. Default: 1. */
  readonly times?: number;
  readonly fault: Fault;
}

/** A rule that will still hit calls. */
export interface ArmedFault {
  readonly operation: string;
  readonly kind: Fault['kind'];
  /** How many calls pass before the first that is hit. */
  readonly after: number;
  /** How many calls in a row are hit then. */
  readonly times: number;
}

/** The rules that are in force. When two hit the same call, the one added first wins. */
export class FaultPlan {
  #rules: { readonly rule: FaultRule; seen: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Returns the rules that will still hit calls, without what they answer. */
  armed(): readonly ArmedFault[] {
    return this.#rules.flatMap(({ rule, seen }) => {
      const { operation, call = 1, times = 1, fault } = rule;
      const left = call + times - 1 - seen;
      if (left <= 0) return [];
      return [
        {
          operation,
          kind: fault.kind,
          after: Math.max(0, call - 1 - seen),
          times: Math.min(times, left),
        },
      ];
    });
  }

  /** Counts a call, and returns the fault that hits it. */
  take(operation: string): Fault | undefined {
    let fault: Fault | undefined;
    for (const entry of this.#rules) {
      if (entry.rule.operation !== operation) continue;
      entry.seen += 1;
      const { call = 1, times = 1 } = entry.rule;
      if (entry.seen >= call && entry.seen < call + times) fault ??= entry.rule.fault;
    }
    return fault;
  }
}
