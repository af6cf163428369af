import { CREDENTIALS } from '../project';

/** A way to import material into keys, as a user of that way would. */
export interface Importer {
  readonly name: string;
  /** The programs that run, with their versions. */
  readonly how: string;
  /** Whether it imports nothing, because its resources do nothing. Default: false. */
  readonly importsNothing?: boolean;
  /** Prepares what a user already has. Not measured. */
  readonly prepare: (target: Target) => Promise<Ready>;
}

/** Keys of one Region that wait for their material. */
export interface Target {
  /** Base URL of KMS. */
  readonly url: string;
  readonly region: string;
  readonly keyArns: readonly string[];
  /** 32 bytes. */
  readonly material: Buffer;
}

/** An import that can begin. */
export interface Ready {
  readonly run: () => Promise<void>;
  readonly remove: () => void;
}

/** Returns variables with credentials and the endpoint of the embedded KMS. */
export function awsEnvironment({ url, region }: Target): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_KMS: url,
  };
}
