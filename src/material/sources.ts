import type { Encoding } from './encoding';
import { readEnvSource } from './env-source';
import { readFileSource } from './file-source';
import type { Material } from './material';
import { openMaterial } from './open-material';
import type { ReadableReference, Reference, SourceReference } from './source-reference';

/** What sources reach for outside of their reference. */
export interface SourceContext {
  readonly env: NodeJS.ProcessEnv;
}

/** The encoding of each source when none is declared. */
export const DEFAULT_ENCODING: Readonly<Record<Reference['kind'], Encoding>> = {
  inline: 'base64',
  file: 'raw',
  env: 'base64',
};

/** Text that a program holds itself, for what is inline in it. */
export interface InlineText {
  readonly material?: string | undefined;
  readonly passphrase?: string | undefined;
}

/**
 * Opens the material behind a reference.
 *
 * @param inline - what the references of kind `inline` stand for
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openSource(
  reference: SourceReference,
  inline: InlineText,
  context: SourceContext,
): Promise<Material> {
  const passphrase =
    reference.passphrase === undefined
      ? undefined
      : withoutLineEnd(await read(reference.passphrase, inline.passphrase, context));
  const content = await read(reference, inline.material, context);
  return openMaterial(content, reference.encoding, passphrase);
}

async function read(
  reference: Reference,
  text: string | undefined,
  context: SourceContext,
): Promise<Buffer> {
  return reference.kind === 'inline'
    ? Buffer.from(text ?? '', 'utf8')
    : readAgain(reference, context);
}

async function readAgain(reference: ReadableReference, { env }: SourceContext): Promise<Buffer> {
  return reference.kind === 'file'
    ? readFileSource(reference.file)
    : readEnvSource(reference.env, env);
}

// Files with a passphrase end in a line end that does not belong to it, as OpenSSL reads them.
function withoutLineEnd(passphrase: Buffer): Buffer {
  const end = passphrase.indexOf('\n');
  const line = end < 0 ? passphrase : passphrase.subarray(0, end);
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
