import type { connectSecrets } from '../aws/index';
import { connectionIn } from './aws';
import type { Io } from './io';
import type { AwsOptions } from './options';

/** Connects to Secrets Manager and Parameter Store, whose endpoints are not that of KMS. */
export async function openSecrets(
  { region, profile }: AwsOptions,
  io: Io,
): Promise<ReturnType<typeof connectSecrets>> {
  const aws = await import('../aws/index.js');
  return aws.connectSecrets(connectionIn(region, profile === undefined ? {} : { profile }, io));
}
