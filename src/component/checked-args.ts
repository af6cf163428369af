import type * as pulumi from '@pulumi/pulumi';

import type { KEY_INPUTS } from '../provider/imported-key/inputs';
import type { ImportedKeyArgs } from './args';

// The resource of each material checks it. The key does not wait for the targets.
const OTHERS = ['materials', 'expirationEventTargets'] as const;

type Schemas = typeof KEY_INPUTS;

/** The arguments that the provider checks before anything of the key exists. */
export type CheckedArgs = {
  // Does not compile if an argument has no schema.
  readonly [
    Name in Exclude<keyof ImportedKeyArgs, (typeof OTHERS)[number]>
  ]: Schemas[Name] extends never ? never : unknown;
};

/**
 * Returns the arguments that the provider checks, also those that no type declares.
 *
 * @param region - Region of the key, as far as the program shows it
 */
export function checkedArgs(
  args: ImportedKeyArgs,
  region: pulumi.Input<string | undefined> | undefined,
): CheckedArgs {
  const { alarm, replicas } = args;
  const checked: CheckedArgs = {
    ...without(args as Required<ImportedKeyArgs>, OTHERS),
    region,
    alarm: alarm === undefined ? undefined : without(alarm, ['actions']),
    replicas: replicas?.map((replica) =>
      without(replica, ['alarmActions', 'expirationEventTargets']),
    ),
  };
  // Does not compile if a schema has no argument.
  return checked satisfies Readonly<Record<keyof Schemas, unknown>>;
}

function without<T extends object, Name extends keyof T>(
  members: T,
  names: readonly Name[],
): Omit<T, Name> {
  return Object.fromEntries(
    Object.entries(members).filter(([name]) => !names.some((each) => each === name)),
  ) as Omit<T, Name>;
}
