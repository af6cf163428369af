/** The place of a secret in AWS Secrets Manager. */
export interface SecretLocation {
  /** Name or ARN. */
  readonly secretId: string;
  readonly versionId?: string | undefined;
  readonly versionStage?: string | undefined;
  readonly region?: string | undefined;
}

/** The place of a parameter in AWS Systems Manager Parameter Store. */
export interface ParameterLocation {
  /** Name or ARN. */
  readonly name: string;
  readonly version?: number | undefined;
  readonly region?: string | undefined;
}

/** A secret of Secrets Manager: bytes or text. */
export interface Secret {
  readonly binary?: Uint8Array | undefined;
  readonly text?: string | undefined;
}

/** A parameter, decrypted. */
export interface Parameter {
  readonly type: string;
  readonly value: string;
}

// AwsSecrets is responsible for reading from the AWS services that keep secrets, as the identity that also
// calls KMS. It throws nothing but ByokError, which never contains any part of a secret.
export interface AwsSecrets {
  getSecret(location: SecretLocation, signal: AbortSignal): Promise<Secret>;
  getParameter(location: ParameterLocation, signal: AbortSignal): Promise<Parameter>;
}
