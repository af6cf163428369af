import { randomBytes } from 'node:crypto';

import type { Target } from './resource';

/** Returns the name in AWS: the program's, its prefix with a suffix, or one derived from the resource's. */
export function physicalName({ name, inputs }: Target, kind = ''): string {
  if (typeof inputs.name === 'string') return inputs.name;
  if (typeof inputs.namePrefix === 'string') return `${inputs.namePrefix}${hex()}`;
  return `${kind}${name}-${hex().slice(0, 7)}`;
}

function hex(): string {
  return randomBytes(13).toString('hex');
}
