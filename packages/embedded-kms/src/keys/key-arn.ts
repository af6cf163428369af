import { partitionOf } from './regions';

/** Whether a Region is in China, which requires other cryptography. */
export function isChina(region: string): boolean {
  return region.startsWith('cn-');
}

/** Returns the ARN of an alias. The name has its `alias/` prefix. */
export function aliasArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${accountId}:${name}`;
}

/** Returns the ARN of a key. */
export function keyArn(region: string, accountId: string, keyId: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${accountId}:key/${keyId}`;
}

/** The parts of a key or alias ARN. */
export interface KmsArn {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly kind: 'key' | 'alias';
  /** The key id, or the alias name without its `alias/` prefix. */
  readonly name: string;
}

const ARN =
  /^arn:(?<partition>aws[a-z-]*):kms:(?<region>[a-z0-9-]+):(?<account>\d{12}):(?<kind>key|alias)\/(?<name>.+)$/;

/** Reads a key or alias ARN; undefined when the text is not one. */
export function parseKmsArn(text: string): KmsArn | undefined {
  const groups = ARN.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { partition = '', region = '', account = '', kind, name = '' } = groups;
  const isAlias = kind === 'alias';
  return { partition, region, accountId: account, kind: isAlias ? 'alias' : 'key', name };
}

/**
 * Whether a text has the form of a key id: a lower-case UUID with dashes, or `mrk-` and 32 hex
 * digits for a multi-Region key. AWS answers anything else with "Invalid keyId" (recorded).
 */
export function isKeyId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^mrk-[0-9a-f]{32}$/.test(text);
}
