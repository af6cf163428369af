import type { Encoding } from './encoding';

/** A file, by its path. */
export interface FileReference {
  readonly kind: 'file';
  readonly file: string;
}

/** An environment variable, by its name. */
export interface EnvReference {
  readonly kind: 'env';
  readonly env: string;
}

/** A secret of AWS Secrets Manager. */
export interface SecretsManagerReference {
  readonly kind: 'secretsManager';
  /** Name or ARN. */
  readonly secretId: string;
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
  /** The member of a JSON secret that is meant. */
  readonly jsonKey?: string | undefined;
  readonly region?: string | undefined;
}

/** A SecureString of AWS Systems Manager Parameter Store. */
export interface SsmParameterReference {
  readonly kind: 'ssmParameter';
  /** Name or ARN. */
  readonly name: string;
  readonly version?: number | undefined;
  readonly region?: string | undefined;
}

/** A command. Its arguments may be secrets of the program, so that only a hash of them is here. */
export interface CommandReference {
  readonly kind: 'command';
  readonly program: string;
  /** SHA-256 of the argument vector, program included, as JSON; hex. */
  readonly sha256: string;
}

/** Text in the program. */
export interface InlineReference {
  readonly kind: 'inline';
}

/** Material that was wrapped elsewhere: a bundle and the ciphertext that belongs to it, by their paths. */
export interface WrappedReference {
  readonly kind: 'wrapped';
  readonly bundle: string;
  readonly ciphertext: string;
  /** RFC 3339: KMS takes the import token of the bundle until then. Known once it was read. */
  readonly parametersValidTo?: string | undefined;
}

/** Bytes that are read at preview. A passphrase comes from one of these. */
export type PlainReference = InlineReference | FileReference | EnvReference;

/** What is read at preview: no network, no command, no side effect. */
export type LocalReference = PlainReference | WrappedReference;

/** What is read at an import alone. */
export type RemoteReference = CommandReference | SecretsManagerReference | SsmParameterReference;

/** Where something comes from, never the thing itself. */
export type Reference = LocalReference | RemoteReference;

/** Where material comes from: what stands in state and what a diff compares. Never the material. */
export type SourceReference = Reference & {
  /** Absent where what is read decides: a secret of Secrets Manager can be text or bytes. */
  readonly encoding?: Encoding | undefined;
  /** Where the passphrase of an encrypted private key comes from. */
  readonly passphrase?: PlainReference | undefined;
};

/** Whether the source can be read again from its reference alone. */
export function isReadable(reference: SourceReference): boolean {
  const { kind, passphrase } = reference;
  return kind !== 'inline' && kind !== 'command' && passphrase?.kind !== 'inline';
}
