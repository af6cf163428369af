/** Where a secret of AWS Secrets Manager is. */
export interface SecretLocation {
  /** Name or ARN. */
  readonly secretId: string;
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
  readonly region?: string | undefined;
}

/** Where a parameter of AWS Systems Manager Parameter Store is. */
export interface ParameterLocation {
  /** Name or ARN. */
  readonly name: string;
  readonly version?: number | undefined;
  readonly region?: string | undefined;
}

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
  getSecret(location: SecretLocation, signal: AbortSignal): Promise<Secret>;
  getParameter(location: ParameterLocation, signal: AbortSignal): Promise<Parameter>;
}
