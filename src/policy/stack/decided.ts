import type { StackViolation } from '../rule';

/**
 * Judges every item, and only then throws for those that could not be judged, so that a value that is
 * unknown in a preview does not hide the violations of other resources.
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
  // The SDK reports this as an advisory: the rule could not run.
  if (undecided.length > 0) throw undecided[0];
}
