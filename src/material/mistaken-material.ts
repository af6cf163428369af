import { assert } from '../errors';

// 32 bytes in base64 or hex, and PEM: no service has names like these.
const MATERIAL = /^(?:[A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64})$|-----BEGIN /;

/**
 * Refuses material in the place of a name. State and previews show a name in clear, and would do so before
 * the import looks up the name.
 *
 * @param input - the input that has the name. The message does not repeat the name
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function assertIsName(name: string | undefined, input: string): void {
  assert(
    name === undefined || !MATERIAL.test(name.trim()),
    'MATERIAL_SOURCE',
    `${input} looks like key material and not like a name: give the name, or declare the material as inline`,
  );
}
