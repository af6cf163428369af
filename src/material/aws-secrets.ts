import type { SecretsManagerReference, SsmParameterReference } from './source-reference';

/** A secret as Secrets Manager keeps it: bytes or text. */
export interface Secret {
  readonly binary?: Uint8Array | undefined;
  readonly text?: string | undefined;
}

/** A parameter, decrypted. */
export interface Parameter {
  readonly type: string;
  readonly value: string;
}

// AwsSecrets is responsible for reading from the services of AWS that keep secrets, as the identity
// that also calls KMS. It throws nothing but ByokError, with nothing of a secret in it.
export interface AwsSecrets {
  getSecret(reference: SecretsManagerReference, signal: AbortSignal): Promise<Secret>;
  getParameter(reference: SsmParameterReference, signal: AbortSignal): Promise<Parameter>;
}
