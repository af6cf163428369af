import type { AwsSecrets } from './aws-secrets';
import type { Encoding } from './encoding';
import type { Material } from './material';
import type { Reference } from './source-reference';

/**
 * The most bytes that are read of a file or a command. The largest importable material, an RSA_4096
 * private key, has 2.4 kB.
 */
export const MATERIAL_LIMIT_BYTES = 65_536;

/** A command as the program gives it. */
export interface HeldCommand {
  readonly argv: readonly string[];
  /** Shows the end of what it wrote to stderr when it fails. */
  readonly showStderr: boolean;
}

/** What the program alone holds, and what no reference says. */
export interface Held {
  /** What an inline source stands for. */
  readonly text?: string | undefined;
  readonly command?: HeldCommand | undefined;
}

/** What the sources reach for that are read at preview: no network, no command, no side effect. */
export interface LocalContext {
  readonly env: NodeJS.ProcessEnv;
}

/** Dependencies of sources that are the same for all resources of a process. */
export interface ProcessContext extends LocalContext {
  /** Milliseconds that a command may take; default: 30 seconds. */
  readonly commandTimeLimit?: number | undefined;
}

/** Dependencies of all sources. */
export interface SourceContext extends ProcessContext {
  /** Opens the AWS clients; called by the sources that need them alone. */
  readonly connectSecrets: () => Promise<AwsSecrets>;
  /** Ends what takes too long. */
  readonly signal: AbortSignal;
}

/** What a source holds. */
export interface Content {
  /** Owned by the receiver, who erases them. */
  readonly bytes: Buffer;
  /** How they are written down unless the program says so. */
  readonly encoding: Encoding;
}

// A Source is responsible for reading what stands behind one kind of reference. What it throws is a
// ByokError that quotes neither what was read nor what the program gave.
export interface Source<R extends Reference, Context> {
  /** The encoding when none is declared; absent where what is read decides. */
  readonly encoding?: Encoding;
  read(reference: R, held: Held, context: Context): Promise<Content>;
}

// A PrewrappedSource is responsible for material of which nobody here sees the bytes. What it throws is a
// ByokError that quotes nothing that was read.
export interface PrewrappedSource<R extends Reference> {
  open(reference: R): Promise<Material>;
}
