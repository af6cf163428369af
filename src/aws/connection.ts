/** Where KMS is and as whom to call it. What is absent comes from the AWS default chain. */
export interface KmsConnection {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Base URL of KMS. */
  readonly endpoint?: string | undefined;
  /** Base URL of STS, for `assumeRole`. */
  readonly stsEndpoint?: string | undefined;
  /** Base URL of Secrets Manager. */
  readonly secretsManagerEndpoint?: string | undefined;
  /** Base URL of Systems Manager. */
  readonly ssmEndpoint?: string | undefined;
  readonly credentials?:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string | undefined;
      }
    | undefined;
  readonly assumeRole?:
    | {
        readonly roleArn: string;
        readonly externalId?: string | undefined;
        readonly sessionName?: string | undefined;
        readonly durationSeconds?: number | undefined;
      }
    | undefined;
}
