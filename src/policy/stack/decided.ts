import type { StackViolation } from '../rule';

/**
 * Judges every item, and only then throws for those that could not be judged, so that a value that is
 * unknown in a preview does not hide the violations of other resources.
 */
export function* decided<Item>(
  items: Iterable<Item>,
  judge: (item: Item) => Iterable<StackViolation>,
): Iterable<StackViolation> {
  const undecided = new Undecided();
  for (const item of items) {
    try {
      yield* judge(item);
    } catch (unknownValue) {
      undecided.add(unknownValue);
    }
  }
  undecided.rethrow();
}

/** Errors of values that are unknown in a preview, to be thrown when everything else was judged. */
export class Undecided {
  readonly #errors: Error[] = [];

  add(unknownValue: unknown): void {
    this.#errors.push(unknownValue as Error);
  }

  /** Throws one of the errors, the same one in every order of the resources. */
  rethrow(): void {
    const [first] = this.#errors.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
    // The SDK reports it as an advisory: the rule could not run.
    if (first !== undefined) throw first;
  }
}
