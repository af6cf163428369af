import { asByokError, type ByokError } from '../errors';
import type { CheckResult } from './protocol';

/**
 * Makes errors into the answer of `check`. Every failure has an empty `property`: the engine prints the
 * value of a property that a failure names, also when it is a secret.
 */
export function checkFailures(errors: readonly ByokError[]): CheckResult {
  return {
    inputs: {},
    failures: errors.map(({ message }) => ({ property: '', reason: message })),
  };
}

/** Collects the errors of several rules, so that one `check` reports all of them. */
export function collectErrors(): ErrorCollection {
  const errors: ByokError[] = [];
  return {
    errors,
    attempt(rule) {
      try {
        return rule();
      } catch (error) {
        errors.push(asByokError(error));
        return undefined;
      }
    },
  };
}

interface ErrorCollection {
  readonly errors: ByokError[];
  /** Applies a rule, and returns undefined when it throws. */
  readonly attempt: <T>(rule: () => T) => T | undefined;
}
