import { randomBytes } from 'node:crypto';
import { awsEnvironment } from './importers/importer';
import { realStack, type RealStack } from './real-stack';
import type { WaitingKeys } from './waiting-keys';

/** Prepares a stack with so many keys, which the program creates or which wait for their material. */
export async function keyStack(
  program: string,
  count: number,
  kms: WaitingKeys,
  extra: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<RealStack> {
  const keyArns = await kms.create(count);
  const material = randomBytes(32);
  const config = {
    keyIds: JSON.stringify(keyArns),
    count: String(count),
    endpoint: kms.url,
    'aws:region': kms.region,
    'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    ...extra,
  };
  const env = {
    ...awsEnvironment({ ...kms, keyArns, material }),
    BENCH_MATERIAL: material.toString('base64'),
    ...variables,
  };
  return realStack(program, config, env, { 'material.bin': material });
}
