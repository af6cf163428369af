import type { Scenario } from '../scenario';
import { CREATE_SCENARIOS } from './create';
import { DELETE_SCENARIOS } from './delete';
import { ROTATION_SCENARIOS } from './rotation';
import { UPDATE_SCENARIOS } from './update';

/** The scenarios of the matrix. */
export const SCENARIOS: readonly Scenario[] = [
  ...CREATE_SCENARIOS,
  ...UPDATE_SCENARIOS,
  ...ROTATION_SCENARIOS,
  ...DELETE_SCENARIOS,
];
