import type { Io } from '../io';

/**
 * Returns the wrapped id that a person gives: the option, or the answer at the terminal. It is never taken
 * from the file, for which it has to vouch.
 *
 * @returns undefined where there is neither
 */
export async function givenId(option: string | undefined, io: Io): Promise<string | undefined> {
  if (option !== undefined || io.ask === undefined) return option;
  return (await io.ask('wrapped id, as the people who wrapped read it to you: ')).trim();
}
