import * as pulumi from '@pulumi/pulumi';

import { assert } from '../errors';
import type { ExpiryAlarmArgs, ImportedKeyArgs, ReplicaArgs } from './args';

// A member without Input in its type.
type PlainMember<Args> = {
  [Name in keyof Args]-?: Promise<never> extends Args[Name] ? never : Name;
}[keyof Args];
type PlainName = PlainMember<ImportedKeyArgs>;

// The arguments that decide which resources there are, or which options they have.
const PLAIN: Readonly<Record<PlainName, Form>> = {
  materials: 'a list',
  keySpec: 'text',
  access: 'an object',
  multiRegion: 'true or false',
  replicas: 'a list',
  alarm: 'an object',
  expirationEventTargets: 'a list',
  shredOnDestroy: 'true or false',
  adoptKeyId: 'text',
};

/** Names of the arguments that must be plain. */
export const PLAIN_ARGS: readonly string[] = Object.keys(PLAIN);

/** Names of the members of these arguments that must be plain as well. */
export const PLAIN_MEMBERS: readonly string[] = Object.keys({
  region: true,
  alarmActions: true,
  expirationEventTargets: true,
  daysBefore: true,
  actions: true,
} satisfies Readonly<Record<PlainMember<ReplicaArgs> | PlainMember<ExpiryAlarmArgs>, true>>);

type Form = 'a list' | 'text' | 'an object' | 'true or false';

/**
 * Checks the types of the arguments that the constructor reads itself. The provider checks all others.
 *
 * @throws {@link ByokError} `INPUT_INVALID`
 */
export function assertPlainArgs(args: ImportedKeyArgs): void {
  assert(
    isForm(args, 'an object'),
    'INPUT_INVALID',
    'the arguments of ImportedKey must be an object',
  );
  for (const [name, form] of Object.entries(PLAIN) as [PlainName, Form][]) {
    assertForm(args[name], form, name);
  }
  const { replicas = [], alarm } = args;
  for (const [index, replica] of replicas.entries()) {
    const name = `replicas[${index}]`;
    assert(
      isForm(replica, 'an object') && isForm(replica.region, 'text'),
      'INPUT_INVALID',
      `${name} must be an object with a plain region, such as { region: 'us-east-1' }`,
    );
    assertForm(replica.alarmActions, 'a list', `${name}.alarmActions`);
    assertForm(replica.expirationEventTargets, 'a list', `${name}.expirationEventTargets`);
  }
  if (alarm === undefined) return;
  assert(
    typeof alarm.daysBefore === 'number',
    'INPUT_INVALID',
    'alarm.daysBefore must be a plain number of days',
  );
  assertForm(alarm.actions, 'a list', 'alarm.actions');
}

function assertForm(value: unknown, form: Form, name: string): void {
  assert(
    value === undefined || isForm(value, form),
    'INPUT_INVALID',
    `${name} must be ${form}, and a plain value, because it decides which resources there are`,
  );
}

function isForm(value: unknown, form: Form): boolean {
  switch (form) {
    case 'a list':
      return Array.isArray(value);
    case 'text':
      return typeof value === 'string';
    case 'true or false':
      return typeof value === 'boolean';
    case 'an object':
      return (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof Promise) &&
        !pulumi.Output.isInstance(value)
      );
  }
}
