import { randomBytes } from 'node:crypto';

import type { Operation } from './resource';

/** The name that AWS gets: that of the program, its prefix, or one that is made from the resource's. */
export function physicalName({ name, inputs }: Operation, kind = ''): string {
  if (typeof inputs.name === 'string') return inputs.name;
  if (typeof inputs.namePrefix === 'string') return `${inputs.namePrefix}${hex()}`;
  return `${kind}${name}-${hex().slice(0, 7)}`;
}

function hex(): string {
  return randomBytes(13).toString('hex');
}
