import { z } from 'zod';
import { EXTERNAL_KEYS } from '../resource-types';
import { resourceRule } from '../rule';

// AWS KMS API Reference, ScheduleKeyDeletion: 7 to 30 days, 30 unless said.
const DEFAULT_DAYS = 30;

/** Demands time to notice that a key was deleted. */
export const deletionWindow = resourceRule({
  id: 'byok-deletion-window',
  sentence: 'A deleted key with imported material can be brought back for long enough.',
  why: 'Until the window has passed, a deletion can be cancelled. After it, not even the material helps: what the key encrypted names the deleted key.',
  fix: 'Raise deletionWindowInDays, or leave it out for 30 days.',
  severity: 'medium',
  tags: ['availability'],
  types: EXTERNAL_KEYS,
  settings: z.object({
    minimumDays: z
      .number()
      .int()
      .min(7)
      .max(30)
      .default(30)
      .describe('The shortest window that is accepted, in days.'),
  }),
  *check({ props }, { minimumDays }) {
    if (Number(props.deletionWindowInDays ?? DEFAULT_DAYS) < minimumDays) {
      yield `deletionWindowInDays is less than ${minimumDays}: raise it.`;
    }
  },
});
