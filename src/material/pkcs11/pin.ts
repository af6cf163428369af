import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { assert } from '../../errors';
import { runCommand, type RunContext } from '../run-command';
import { readRegularFile } from '../regular-file';
import type { PinReference } from '../references';
import type { LocalContext } from '../source';
import { plainText } from '../text';

const declaredPin = z
  .strictObject({
    env: z.string().min(1),
    file: z.string().min(1),
    command: z.array(z.string()).min(1),
  })
  .partial();

/** Schema of the source of a PIN, as a program declares it. */
export const pinSchema: z.ZodType<DeclaredPin> = declaredPin;

/** The source of a PIN, as a program declares it. */
export interface DeclaredPin {
  readonly env?: string | undefined;
  readonly file?: string | undefined;
  readonly command?: readonly string[] | undefined;
}

/** Schema of the source of a PIN, as it is in state. */
export const pinReference: z.ZodType<PinReference> = z.union([
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
  z.strictObject({ program: z.string(), sha256: z.string() }),
]);

/**
 * Makes the reference to the source of a PIN.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`
 */
export function referToPin({ env, file, command }: DeclaredPin): PinReference {
  assert(
    [env, file, command].filter((each) => each !== undefined).length === 1,
    'MATERIAL_SOURCE',
    'material.pkcs11.pin names exactly one source of env, file, command',
  );
  if (env !== undefined) return { env };
  if (file !== undefined) return { file };
  const [program = ''] = command ?? [];
  assert(program !== '', 'MATERIAL_SOURCE', 'material.pkcs11.pin.command names no program');
  return { program, sha256: createHash('sha256').update(JSON.stringify(command)).digest('hex') };
}

/** Dependencies of reading a PIN. */
export type PinContext = LocalContext & Partial<RunContext>;

const NEVER_ABORTED = new AbortController().signal;

/**
 * Reads a PIN: the first line of a variable, of a file or of the output of a command, without its end. Variables too
 * often have the line end of the file that they were set from, and a token counts a login with it as a wrong PIN.
 *
 * @param declared - what the program declares; empty if only the reference is known
 * @param passEnvironment - variables that a command gets besides the basic ones
 * @throws {@link ByokError} `PKCS11_PIN` if that line is empty, not UTF-8 or too long for a PIN, `MATERIAL_MISSING`, `MATERIAL_ENV_UNSET`, `MATERIAL_FILE`, `MATERIAL_COMMAND`
 */
export async function readPin(
  reference: PinReference,
  declared: DeclaredPin | undefined,
  context: PinContext,
  passEnvironment: readonly string[] = [],
): Promise<string> {
  // A PIN can look like a name or a path, so no message has them.
  const { env, warn } = context;
  if ('env' in reference) {
    const value = env[reference.env];
    assert(
      value !== undefined && value !== '',
      'MATERIAL_ENV_UNSET',
      'material.pkcs11.pin.env names an environment variable that is not set, or is empty, where pulumi or kms-byok is started: set it there',
    );
    return firstLine(Buffer.from(value));
  }
  if ('file' in reference) {
    return firstLine(await readRegularFile(reference.file, 'material.pkcs11.pin.file', warn));
  }
  assert(
    declared?.command !== undefined,
    'MATERIAL_MISSING',
    'state does not have the command that prints the PIN, and the program does not declare it: declare it again',
  );
  const output = await runCommand(
    {
      command: declared.command,
      passEnvironment,
      input: 'material.pkcs11.pin.command',
      output: 'PIN',
    },
    { signal: NEVER_ABORTED, ...context },
  );
  return firstLine(output);
}

/** Longest PIN, in bytes. A login with anything else costs one of the few tries of the token. */
const LONGEST_PIN = 255;

function firstLine(content: Buffer): string {
  const text = plainText(content);
  const isText = isUtf8(text);
  const [line = ''] = text.toString('utf8').split(/[\r\n]/);
  content.fill(0);
  assert(
    isText && Buffer.byteLength(line) <= LONGEST_PIN,
    'PKCS11_PIN',
    `the first line from the source in material.pkcs11.pin cannot be a PIN, because it is not UTF-8 or is longer than ${LONGEST_PIN} bytes, so no login was tried: put the PIN into that line`,
  );
  assert(
    line !== '',
    'PKCS11_PIN',
    'the first line from the source in material.pkcs11.pin is empty, so no login was tried: put the PIN into that line',
  );
  return line;
}
