import type { Material } from './material';
import { openMaterial } from './open-material';
import type {
  Content,
  LocalContext,
  PlainSource,
  PrewrappedSource,
  RemoteSource,
  SourceContext,
} from './source';
import { isLocal, type LocalReference, type SourceReference } from './source-reference';
import type { DeclaredMaterial } from './source-schema';
import { SOURCES } from './sources';

/**
 * Opens material that is read at preview.
 *
 * @param declared - what the program declares; empty if all that is at hand is the reference
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openLocalSource(
  reference: SourceReference & LocalReference,
  declared: DeclaredMaterial,
  context: LocalContext,
): Promise<Material> {
  const source: PlainSource | PrewrappedSource = SOURCES[reference.kind];
  return 'open' in source
    ? source.open(reference)
    : openBytes(reference, declared, context, () => source.read(reference, declared, context));
}

/**
 * Opens the material behind a reference.
 *
 * @param declared - what the program declares; empty if all that is at hand is the reference
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openSource(
  reference: SourceReference,
  declared: DeclaredMaterial,
  context: SourceContext,
): Promise<Material> {
  if (isLocal(reference)) return openLocalSource(reference, declared, context);
  const source: RemoteSource = SOURCES[reference.kind];
  return openBytes(reference, declared, context, () => source.read(reference, declared, context));
}

async function openBytes(
  reference: SourceReference,
  declared: DeclaredMaterial,
  context: LocalContext,
  read: () => Promise<Content>,
): Promise<Material> {
  const passphrase = await readPassphrase(reference, declared, context);
  const content = await read();
  return openMaterial(content.bytes, reference.encoding ?? content.encoding, passphrase);
}

async function readPassphrase(
  { passphrase: reference }: SourceReference,
  { passphrase: declared = {} }: DeclaredMaterial,
  context: LocalContext,
): Promise<Buffer | undefined> {
  if (reference === undefined) return undefined;
  const source: PlainSource = SOURCES[reference.kind];
  const { bytes } = await source.read(reference, declared, context);
  return withoutLineEnd(bytes);
}

// Files with a passphrase end in a line end that does not belong to it, as OpenSSL reads them.
function withoutLineEnd(passphrase: Buffer): Buffer {
  const end = passphrase.indexOf('\n');
  const line = end < 0 ? passphrase : passphrase.subarray(0, end);
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
