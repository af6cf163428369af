import type { StackViolation } from '../rule';

/**
 * Judges every item, and only then says that some could not be judged: a value that is unknown in a
 * preview must not hide the violations of other resources.
 */
export function* decided<Item>(
  items: Iterable<Item>,
  judge: (item: Item) => Iterable<StackViolation>,
): Iterable<StackViolation> {
  const undecided: unknown[] = [];
  for (const item of items) {
    try {
      yield* judge(item);
    } catch (unknownValue) {
      undecided.push(unknownValue);
    }
  }
  // The SDK makes an advisory of it: the rule could not run.
  if (undecided.length > 0) throw undecided[0];
}
