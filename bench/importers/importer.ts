import { CREDENTIALS } from '../project';

/** A way to import material into keys, in the place of a person who has chosen it. */
export interface Importer {
  readonly name: string;
  /** What runs, with its versions. */
  readonly how: string;
  /** Makes ready for some keys whatever a person has already; this is not measured. */
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

/** Credentials that the embedded KMS takes, and where it is. */
export function awsEnvironment({ url, region }: Target): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_KMS: url,
  };
}
