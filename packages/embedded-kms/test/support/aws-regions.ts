import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ofSdk = createRequire(require.resolve('@aws-sdk/client-kms'));

/** Returns the Regions that the installed SDK knows, and the partition of each. */
export function awsRegions(): readonly (readonly [region: string, partition: string])[] {
  const client = '@aws-sdk/core/client';
  const { partition } = ofSdk(client) as { partition(region: string): { readonly name: string } };
  // The SDK exports the partition of a Region, but not the Regions.
  const table = readFileSync(ofSdk.resolve(client), 'utf8');
  return Array.from(
    table.matchAll(/"?([a-z]+(?:-[a-z]+)+-\d)"?: \{\s*"?description"?:/g),
    ([, region = '']) => [region, partition(region).name] as const,
  );
}
