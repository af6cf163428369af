import { commandSource } from './command-source';
import { envSource } from './env-source';
import { fileSource } from './file-source';
import type { Encoding } from './encoding';
import { inlineSource } from './inline-source';
import type { Material } from './material';
import { openMaterial } from './open-material';
import { secretsManagerSource } from './secrets-manager-source';
import type {
  Content,
  Held,
  LocalContext,
  PrewrappedSource,
  Source,
  SourceContext,
} from './source';
import type {
  LocalReference,
  PlainReference,
  Reference,
  RemoteReference,
  SourceReference,
  WrappedReference,
} from './source-reference';
import { ssmSource } from './ssm-source';
import { wrappedSource } from './wrapped-source';

type Registry<R extends Reference, Context> = {
  readonly [Kind in R['kind']]: Source<Extract<R, { readonly kind: Kind }>, Context>;
};

const PLAIN: Registry<PlainReference, LocalContext> = {
  inline: inlineSource,
  file: fileSource,
  env: envSource,
};

const PREWRAPPED: { readonly wrapped: PrewrappedSource<WrappedReference> } = {
  wrapped: wrappedSource,
};

const REMOTE: Registry<RemoteReference, SourceContext> = {
  command: commandSource,
  secretsManager: secretsManagerSource,
  ssmParameter: ssmSource,
};

const BYTES = { ...PLAIN, ...REMOTE };

/** The kinds of sources that a passphrase can have. */
export const PASSPHRASE_KINDS = Object.keys(PLAIN) as PlainReference['kind'][];

/** The kinds of all sources. */
export const SOURCE_KINDS: readonly Reference['kind'][] = [
  ...PASSPHRASE_KINDS,
  ...(Object.keys(PREWRAPPED) as WrappedReference['kind'][]),
  ...(Object.keys(REMOTE) as RemoteReference['kind'][]),
];

/** The encoding when none is declared; undefined where what is read decides. */
export function defaultEncoding(kind: Reference['kind']): Encoding | undefined {
  return kind in PREWRAPPED ? undefined : BYTES[kind as keyof typeof BYTES].encoding;
}

/** Whether the source gives bytes, which an encoding and a passphrase belong to. */
export function givesBytes(kind: Reference['kind']): boolean {
  return kind in BYTES;
}

/** Whether the source is read at preview: without network, command or side effect. */
export function isLocal<R extends Reference>(reference: R): reference is R & LocalReference {
  return !(reference.kind in REMOTE);
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
  return reference.kind === 'wrapped'
    ? PREWRAPPED.wrapped.open(reference)
    : open(reference, held, context, () => readPlain(reference, held, context));
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
    from === undefined ? undefined : await readPlain(from, { text: held.passphrase }, context);
  const content = await read();
  return openMaterial(
    content.bytes,
    encoding ?? content.encoding,
    passphrase === undefined ? undefined : withoutLineEnd(passphrase.bytes),
  );
}

// A registry pairs each kind with its own reference, which the compiler cannot follow by itself.
function readPlain(reference: PlainReference, held: Held, context: LocalContext): Promise<Content> {
  const source = PLAIN[reference.kind] as Source<PlainReference, LocalContext>;
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
