import type { z } from 'zod';
import type { SourceKind } from '../domain/source-kinds';
import type { AwsSecrets } from './aws-secrets';
import type { Encoding } from './open-source';
import type { Material } from './material';

/**
 * The most bytes that are read of a file or a command. The largest importable material, an RSA_4096
 * private key, has 2.4 kB.
 */
export const MATERIAL_LIMIT_BYTES = 65_536;

/** Dependencies of the sources that are read at preview: no network, no command, no side effect. */
export interface LocalContext {
  readonly env: NodeJS.ProcessEnv;
  /** Shows one line about a source that others can read. */
  readonly warn?: ((line: string) => void) | undefined;
}

/** Dependencies of sources that are the same for all resources of a process. */
export interface ProcessContext extends LocalContext {
  /** Milliseconds that a command may take; default: 30 seconds. */
  readonly commandTimeLimit?: number | undefined;
}

/** Dependencies of the sources that are read only at an import. */
export interface SourceContext extends ProcessContext {
  /** Opens the AWS clients; called only by the sources that need them. */
  readonly connectSecrets: () => Promise<AwsSecrets>;
  /** Ends what takes too long. */
  readonly signal: AbortSignal;
}

/** The bytes that a source gives. */
export interface Content {
  /** Owned by the receiver, who erases them. */
  readonly bytes: Buffer;
  /** How they are encoded unless the program says so. */
  readonly encoding: Encoding;
}

/** The least that a reference says. */
export interface KindReference {
  readonly kind: SourceKind;
}

// A SourceDefinition is responsible for the two forms of one kind of source: what a program declares,
// which may be secret, and the reference to it, which stands in state and never is.
interface SourceDefinition<Declared extends object, Reference extends KindReference> {
  /** Schemas of the members of `material` that belong to this kind: the one named like it, and options. */
  readonly members: { readonly [Name in keyof Declared]-?: z.ZodType<Declared[Name]> };

  /** Schemas of the members of a reference, beside `kind`. */
  readonly reference: {
    readonly [Name in Exclude<keyof Reference, 'kind'>]-?: z.ZodType<Reference[Name]>;
  };

  /** Whether the reference is enough to read the source again; otherwise the program must declare it. */
  readonly isReadable: boolean;

  /** The encoding if the program declares none; absent where the content decides. */
  readonly encoding?: Encoding;

  /**
   * Refers to the source. Whatever the reference leaves out is known only to the program.
   *
   * @throws {@link ByokError} `MATERIAL_SOURCE` for members that are missing or exclude each other
   */
  refer(declared: Declared): Reference;
}

// A PlainSource gives bytes at preview, so it can hold a passphrase too. Its errors are ByokErrors that
// quote neither what was read nor what the program declared.
export interface PlainSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: true;
  /** @param declared - what the program declares; empty if all that is at hand is the reference */
  read(reference: Reference, declared: Partial<Declared>, context: LocalContext): Promise<Content>;
}

// A RemoteSource gives bytes at an import and is not read at preview. Its errors are those of a PlainSource.
export interface RemoteSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: false;
  /** @param declared - what the program declares; empty if all that is at hand is the reference */
  read(reference: Reference, declared: Partial<Declared>, context: SourceContext): Promise<Content>;
}

// A PrewrappedSource gives material that was wrapped elsewhere, of which nobody here sees the bytes. Its
// errors are ByokErrors that quote nothing that was read.
export interface PrewrappedSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: true;
  open(reference: Reference): Promise<Material>;
}

/** One kind of source. */
export type Source<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> =
  | PlainSource<Declared, Reference>
  | RemoteSource<Declared, Reference>
  | PrewrappedSource<Declared, Reference>;
