import { ByokError } from '../errors';

/** Returns the error for something that this version of the plugin does not have. */
export function notServed(what: string, name: string): ByokError {
  return new ByokError(
    'UNKNOWN_INPUT',
    `this version of the plugin has no ${what} ${name}: install the version that the program was written for`,
  );
}
