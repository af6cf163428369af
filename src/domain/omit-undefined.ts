type RequiredKeys<T> = { [Key in keyof T]-?: undefined extends T[Key] ? never : Key }[keyof T];

/** The members of T without those that are undefined. */
export type Defined<T> = { [Key in RequiredKeys<T>]: T[Key] } & {
  [Key in Exclude<keyof T, RequiredKeys<T>>]?: Exclude<T[Key], undefined>;
};

/**
 * Leaves out members that are undefined. For the AWS SDK a member that is present and undefined is
 * not always the same as an absent one, and in a protobuf Struct it is an error.
 */
export function omitUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
