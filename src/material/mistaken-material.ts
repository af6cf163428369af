import { assert } from '../errors';

// 32 bytes in base64 or hex, and PEM: no service has names like that by chance.
const MATERIAL = /^(?:[A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64})$|-----BEGIN /;

/**
 * Refuses material in the place of a name. A name goes to state and to the display of a preview in clear,
 * and one that is looked up only at an import would be there before anybody noticed.
 *
 * @param input - what holds the name, for the message, which does not repeat it
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function assertIsName(name: string | undefined, input: string): void {
  assert(
    name === undefined || !MATERIAL.test(name.trim()),
    'MATERIAL_SOURCE',
    `${input} looks like key material and not like a name: give the name, or give material as inline`,
  );
}
