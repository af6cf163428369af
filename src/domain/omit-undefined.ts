type RequiredKeys<T> = { [Key in keyof T]-?: undefined extends T[Key] ? never : Key }[keyof T];

/** T without the members that are undefined. */
export type Defined<T> = { [Key in RequiredKeys<T>]: T[Key] } & {
  [Key in Exclude<keyof T, RequiredKeys<T>>]?: Exclude<T[Key], undefined>;
};

/**
 * Leaves out members that are undefined. The AWS SDK sometimes distinguishes an undefined member from an absent
 * one, and a protobuf Struct does not allow undefined.
 */
export function omitUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
