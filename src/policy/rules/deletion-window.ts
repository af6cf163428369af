import * as z from 'zod';
import { EXTERNAL_KEYS } from '../resource-types';
import { resourceRule } from '../rule';

// AWS KMS API Reference, ScheduleKeyDeletion: 7 to 30 days, default 30.
const DEFAULT_DAYS = 30;

/** Requires enough time to notice that a key was deleted. */
export const deletionWindow = resourceRule({
  id: 'byok-deletion-window',
  sentence: 'The deletion of a key with imported material can be cancelled for long enough.',
  why: 'A deletion can be cancelled until the window has passed. After that, not even the material helps, because ciphertexts refer to the deleted key.',
  fix: 'Raise deletionWindowInDays, or leave it out for 30 days.',
  severity: 'medium',
  tags: ['availability'],
  types: EXTERNAL_KEYS,
  settings: {
    minimumDays: z
      .number()
      .int()
      .min(7)
      .max(30)
      .default(30)
      .describe('Shortest accepted window, in days.'),
  },
  *check({ props }, { minimumDays }) {
    if (Number(props.deletionWindowInDays ?? DEFAULT_DAYS) < minimumDays) {
      yield `deletionWindowInDays is less than ${minimumDays}: raise it.`;
    }
  },
});
