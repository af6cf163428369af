import type * as Pulumi from '@pulumi/pulumi';
import { PLAIN_ARGS, PLAIN_MEMBERS } from '../component/plain-args';

type Args = Readonly<Record<string, unknown>>;

/** The part of an output that the types of the SDK leave out. */
export interface Deferred<T> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<T>;
}

/** Arguments that a preview cannot check, because it does not know one of them. */
export interface NotKnown {
  /** The name of the argument. */
  readonly unknown: string;
}

/**
 * Returns the arguments of a component in which everything is plain that has to be. In other languages, every argument
 * may be an output, and the engine sends one that is secret, or depends on a resource, as an output. The SDK would wait
 * for ever for an output that is not known.
 */
export async function plainArgs(
  pulumi: typeof Pulumi,
  args: Args,
): Promise<{ readonly args: Args } | NotKnown> {
  const members: [string, unknown][] = [];
  for (const [name, value] of Object.entries(args)) {
    const opened = PLAIN_ARGS.includes(name) ? await open(pulumi, value, name, false) : value;
    if (opened === UNKNOWN) return { unknown: name };
    members.push([name, opened]);
  }
  return { args: Object.fromEntries(members) };
}

const UNKNOWN = Symbol('unknown');

async function open(
  pulumi: typeof Pulumi,
  value: unknown,
  name: string,
  isSecret: boolean,
): Promise<unknown> {
  const inside = (each: unknown, member: string, isPlain: boolean): unknown => {
    if (isPlain) return open(pulumi, each, member, isSecret);
    return isSecret ? pulumi.secret(each) : each;
  };

  if (pulumi.Output.isInstance(value)) {
    const output = value as unknown as Deferred<unknown>;
    if (!(await output.isKnown)) return UNKNOWN;
    return open(pulumi, await output.promise(), name, isSecret || (await output.isSecret));
  }
  if (Array.isArray(value)) {
    const isPlain = name === 'replicas';
    const elements = await Promise.all(value.map((each) => inside(each, '', isPlain)));
    return elements.includes(UNKNOWN) ? UNKNOWN : elements;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = await Promise.all(
    Object.entries(value).map(
      async ([member, each]) =>
        [member, await inside(each, member, PLAIN_MEMBERS.includes(member))] as const,
    ),
  );
  return members.some(([, each]) => each === UNKNOWN) ? UNKNOWN : Object.fromEntries(members);
}
