import type { Operation } from '../operations/shared/operation';
import { assumeRole } from './assume-role';
import { getCallerIdentity } from './get-caller-identity';

/** The operations of STS that are served on the same port, because AWS clients call them first. */
export const STS_OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity }),
);
