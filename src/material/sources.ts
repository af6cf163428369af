import { commandSource } from './command-source';
import { envSource } from './env-source';
import { fileSource } from './file-source';
import { inlineSource } from './inline-source';
import type { Material } from './material';
import { openMaterial } from './open-material';
import { secretsManagerSource } from './secrets-manager-source';
import type { Content, Held, LocalContext, Source, SourceContext } from './source';
import type {
  LocalReference,
  Reference,
  RemoteReference,
  SourceReference,
} from './source-reference';
import { ssmSource } from './ssm-source';

type Registry<R extends Reference, Context> = {
  readonly [Kind in R['kind']]: Source<Extract<R, { readonly kind: Kind }>, Context>;
};

const LOCAL: Registry<LocalReference, LocalContext> = {
  inline: inlineSource,
  file: fileSource,
  env: envSource,
};

const REMOTE: Registry<RemoteReference, SourceContext> = {
  command: commandSource,
  secretsManager: secretsManagerSource,
  ssmParameter: ssmSource,
};

/** The kinds of sources that are read at preview. */
export const LOCAL_KINDS = Object.keys(LOCAL) as LocalReference['kind'][];

/** The kinds of all sources. */
export const SOURCE_KINDS: readonly Reference['kind'][] = [
  ...LOCAL_KINDS,
  ...(Object.keys(REMOTE) as RemoteReference['kind'][]),
];

/** The encoding when none is declared; undefined where what is read decides. */
export function defaultEncoding(kind: Reference['kind']): Content['encoding'] | undefined {
  return { ...LOCAL, ...REMOTE }[kind].encoding;
}

/** Whether the source is read at preview: without network, command or side effect. */
export function isLocal<R extends Reference>(reference: R): reference is R & LocalReference {
  return reference.kind in LOCAL;
}

/** What the program alone holds of material, and of its passphrase. */
export interface HeldMaterial extends Held {
  readonly passphrase?: string | undefined;
}

/**
 * Opens material that is read at preview.
 *
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openLocalSource(
  reference: SourceReference & LocalReference,
  held: HeldMaterial,
  context: LocalContext,
): Promise<Material> {
  return open(reference, held, context, () => readLocal(reference, held, context));
}

/**
 * Opens the material behind a reference.
 *
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openSource(
  reference: SourceReference,
  held: HeldMaterial,
  context: SourceContext,
): Promise<Material> {
  return isLocal(reference)
    ? openLocalSource(reference, held, context)
    : open(reference, held, context, () => readRemote(reference, held, context));
}

async function open(
  { passphrase: from, encoding }: SourceReference,
  held: HeldMaterial,
  context: LocalContext,
  read: () => Promise<Content>,
): Promise<Material> {
  const passphrase =
    from === undefined ? undefined : await readLocal(from, { text: held.passphrase }, context);
  const content = await read();
  return openMaterial(
    content.bytes,
    encoding ?? content.encoding,
    passphrase === undefined ? undefined : withoutLineEnd(passphrase.bytes),
  );
}

// A registry pairs each kind with its own reference, which the compiler cannot follow by itself.
function readLocal(reference: LocalReference, held: Held, context: LocalContext): Promise<Content> {
  const source = LOCAL[reference.kind] as Source<LocalReference, LocalContext>;
  return source.read(reference, held, context);
}

function readRemote(
  reference: RemoteReference,
  held: Held,
  context: SourceContext,
): Promise<Content> {
  const source = REMOTE[reference.kind] as Source<RemoteReference, SourceContext>;
  return source.read(reference, held, context);
}

// Files with a passphrase end in a line end that does not belong to it, as OpenSSL reads them.
function withoutLineEnd(passphrase: Buffer): Buffer {
  const end = passphrase.indexOf('\n');
  const line = end < 0 ? passphrase : passphrase.subarray(0, end);
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
