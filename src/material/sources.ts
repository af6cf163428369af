import { ByteMaterial } from './byte-material';
import { decode, type Encoding } from './encoding';
import { readEnvSource } from './env-source';
import { readFileSource } from './file-source';
import type { Material, SourceReference } from './material';

/** What sources reach for outside of their reference. */
export interface SourceContext {
  readonly env: NodeJS.ProcessEnv;
}

/** A source that can be read again from its reference alone. */
export type ReadableReference = Exclude<SourceReference, { readonly kind: 'inline' }>;

/** The encoding of each source when none is declared. */
export const DEFAULT_ENCODING: Readonly<Record<SourceReference['kind'], Encoding>> = {
  inline: 'base64',
  file: 'raw',
  env: 'base64',
};

/**
 * Opens the material behind a reference.
 *
 * @throws {@link ByokError} `MATERIAL_*`, as each source says
 */
export async function openSource(
  reference: ReadableReference,
  context: SourceContext,
): Promise<Material> {
  const content =
    reference.kind === 'file'
      ? await readFileSource(reference.file)
      : readEnvSource(reference.env, context.env);
  return new ByteMaterial(decode(content, reference.encoding));
}

/**
 * Opens material that a program holds as text.
 *
 * @throws {@link ByokError} `MATERIAL_BASE64`, `MATERIAL_HEX`
 */
export function openInline(text: string, encoding: Encoding): Material {
  return new ByteMaterial(decode(Buffer.from(text, 'utf8'), encoding));
}
