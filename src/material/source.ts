import type * as z from 'zod';
import type { SourceKind } from '../domain/source-kinds';
import type { AwsSecrets } from './aws-secrets';
import type { Encoding } from './encoding';
import type { Material } from './material';
import type { PinAttempts } from './pkcs11/pin-attempts';
import type { TokenClients } from './pkcs11/token-client';

/**
 * The largest file or output of a command that is read, in bytes. The largest importable material, an
 * RSA_4096 private key, has 2.4 kB.
 */
export const MATERIAL_LIMIT_BYTES = 65_536;

/** Dependencies of the sources that are read at preview: no network, no command, no side effect. */
export interface LocalContext {
  readonly env: NodeJS.ProcessEnv;
  /** The input that is read, as messages name it. Default: `material`. */
  readonly input?: 'material.passphrase' | undefined;
  /** Shows one line about a source that others can read. */
  readonly warn?: ((line: string) => void) | undefined;
  /** The processes of PKCS #11 modules. Default: those of this process. */
  readonly tokenClients?: TokenClients | undefined;
  /** The logins of all processes of the run. Default: each process of a module logs in on its own. */
  readonly pinAttempts?: PinAttempts | undefined;
}

/** Dependencies of sources that all resources of a process share. */
export interface ProcessContext extends LocalContext {
  /** Milliseconds that a command may take; default: 30 seconds. */
  readonly commandTimeLimit?: number | undefined;
}

/** Dependencies of the sources that are read only for an import. */
export interface SourceContext extends ProcessContext {
  /** Opens the AWS clients. Only the sources that need them call it. */
  readonly connectSecrets: () => Promise<AwsSecrets>;
  /** Ends what takes too long. */
  readonly signal: AbortSignal;
}

/** The bytes of a source. */
export interface Content {
  /** The receiver owns them and erases them. */
  readonly bytes: Buffer;
  /** Their encoding if the program declares none. */
  readonly encoding: Encoding;
}

/** The members of every reference. */
export interface KindReference {
  readonly kind: SourceKind;
}

// A SourceDefinition is responsible for the two forms of one kind of source: what a program declares,
// which may be secret, and the reference, which is in state and is never secret.
interface SourceDefinition<Declared extends object, Reference extends KindReference> {
  /** Schemas of the members of `material` for this kind: the one with its name, and its options. */
  readonly members: { readonly [Name in keyof Declared]-?: z.ZodType<Declared[Name]> };

  /** Schemas of the members of a reference, beside `kind`. */
  readonly reference: {
    readonly [Name in Exclude<keyof Reference, 'kind'>]-?: z.ZodType<Reference[Name]>;
  };

  /** Whether the reference is enough to read the source again. If not, the program must declare it. */
  readonly isReadable: boolean;

  /**
   * Whether reading a source takes a command whose arguments only the program has. Then it is not read at preview, and
   * the reference is not enough.
   */
  needsCommand?(reference: Reference): boolean;

  /** The encoding if the program declares none; absent if the source has no bytes, or if the content decides. */
  readonly encoding?: Encoding | undefined;

  /**
   * Makes the reference to a source.
   *
   * @throws {@link ByokError} `MATERIAL_SOURCE` for members that are missing or exclude each other
   */
  refer(declared: Declared): Reference;
}

// A PlainSource is read at preview, so a passphrase can come from it too. It throws only ByokErrors, which
// quote neither what was read nor what the program declared.
export interface PlainSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: true;
  readonly encoding: Encoding;
  /** @param declared - what the program declares; empty if only the reference is known */
  read(reference: Reference, declared: Partial<Declared>, context: LocalContext): Promise<Content>;
}

// A RemoteSource is read only for an import. Its errors are those of a PlainSource.
export interface RemoteSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: false;
  readonly encoding: Encoding | undefined;
  /** @param declared - what the program declares; empty if only the reference is known */
  read(reference: Reference, declared: Partial<Declared>, context: SourceContext): Promise<Content>;
}

// A PrewrappedSource has material that was wrapped elsewhere, so no plaintext is here. It throws only
// ByokErrors, which quote nothing that was read.
export interface PrewrappedSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: true;
  open(reference: Reference): Promise<Material>;
}

// A SelfWrappingSource has material that wraps itself for each import, so no plaintext is here. It throws only
// ByokErrors, which quote neither what was read nor what the program declared.
//
// The local one is opened at preview, so opening it has no side effect. The remote one is opened only for an import.
export interface LocalSelfWrappingSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: true;
  /** @param declared - what the program declares; empty if only the reference is known */
  open(reference: Reference, declared: Partial<Declared>, context: LocalContext): Promise<Material>;
}

export interface RemoteSelfWrappingSource<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> extends SourceDefinition<Declared, Reference> {
  readonly isLocal: false;
  /** @param declared - what the program declares; empty if only the reference is known */
  open(
    reference: Reference,
    declared: Partial<Declared>,
    context: SourceContext,
  ): Promise<Material>;
}

/** One kind of source. */
export type Source<
  Declared extends object = object,
  Reference extends KindReference = KindReference,
> =
  | PlainSource<Declared, Reference>
  | RemoteSource<Declared, Reference>
  | PrewrappedSource<Declared, Reference>
  | LocalSelfWrappingSource<Declared, Reference>
  | RemoteSelfWrappingSource<Declared, Reference>;
