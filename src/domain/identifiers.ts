import { assert } from '../errors';

/** A key ID or key ARN, in parts. */
export interface KeyReference {
  /** `1234abcd-…` or, for a multi-Region key, `mrk-…`: the part that the ID and the ARN share. */
  readonly id: string;
  /** Present if the reference is an ARN. */
  readonly arn?: {
    readonly partition: string;
    readonly region: string;
    readonly accountId: string;
  };
}

const UUID_DIGITS = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** A UUID, in letters of either case. */
export const UUID = new RegExp(`^${UUID_DIGITS}$`, 'i');

/** 64 hex digits in lower case: a KeyMaterialId of KMS, or a SHA-256. */
export const HEX_64 = /^[0-9a-f]{64}$/;

// KMS key IDs: a UUID, or mrk- and 32 hex digits for multi-Region keys
// (AWS KMS Developer Guide, "Key identifiers").
const KEY_ID = `(?:${UUID_DIGITS}|mrk-[0-9a-f]{32})`;
const BARE = new RegExp(`^${KEY_ID}$`);
const ARN = new RegExp(`^arn:(aws[a-z-]*):kms:([a-z0-9-]+):([0-9]{12}):key/(${KEY_ID})$`);
const ALIAS = /^(?:alias\/|arn:[^:]*:kms:[^:]*:[^:]*:alias\/)/;

/**
 * Reads a key ID or key ARN. Refuses an alias, because `GetParametersForImport` and `ImportKeyMaterial` accept
 * none (AWS KMS API Reference), and because an alias can move to another key.
 *
 * @throws {@link ByokError} `INPUT_INVALID`
 */
export function parseKeyReference(text: string): KeyReference {
  assert(
    !ALIAS.test(text),
    'INPUT_INVALID',
    'keyId is an alias, and KMS does not import by alias: give the key ID or the key ARN (aws kms describe-key --key-id ALIAS --query KeyMetadata.Arn)',
  );
  if (BARE.test(text)) return { id: text };
  const reference = parseKeyArn(text);
  assert(
    reference !== undefined,
    'INPUT_INVALID',
    'keyId is neither a key ID nor a key ARN: give 1234abcd-12ab-34cd-56ef-1234567890ab, mrk- and 32 hex digits, or arn:aws:kms:REGION:ACCOUNT:key/ID',
  );
  return reference;
}

/** Reads the ARN of a key; returns undefined for other text. */
export function parseKeyArn(text: string): Required<KeyReference> | undefined {
  const match = ARN.exec(text);
  if (match === null) return undefined;
  const [, partition = '', region = '', accountId = '', id = ''] = match;
  return { id, arn: { partition, region, accountId } };
}

/** Returns whether text is the ARN of a key. */
export function isKeyArn(text: string): boolean {
  return parseKeyArn(text) !== undefined;
}

/** Returns whether text is the ARN of a key with this ID, in any Region. */
export function isArnOf(id: string, text: string): boolean {
  return parseKeyArn(text)?.id === id;
}

/**
 * Returns whether two references can name one key: equal IDs, and equal ARNs if both are ARNs. The replicas of a
 * multi-Region key share the ID and differ in Region.
 */
export function sameKey(a: KeyReference, b: KeyReference): boolean {
  if (a.id !== b.id) return false;
  if (a.arn === undefined || b.arn === undefined) return true;
  return (
    a.arn.partition === b.arn.partition &&
    a.arn.region === b.arn.region &&
    a.arn.accountId === b.arn.accountId
  );
}

/**
 * Refuses a key of the other kind than the program declares: KMS cannot change whether a key is a multi-Region key
 * (AWS KMS Developer Guide, multi-region-keys-overview; the same page says that only their IDs begin with mrk-).
 *
 * @throws {@link ByokError} `MULTI_REGION_FIXED`
 */
export function assertMultiRegion({ id }: KeyReference, declared: boolean): void {
  assert(
    id.startsWith('mrk-') === declared,
    'MULTI_REGION_FIXED',
    declared
      ? 'the key is not a multi-Region key, and KMS cannot make it one: remove replicas and multiRegion, or declare another ImportedKey with multiRegion: true for a key in several Regions'
      : 'the key is a multi-Region key, and KMS cannot change that: remove multiRegion: false; a key without replicas can stay a multi-Region key',
  );
}

/** Returns the resource part of the key's ARN, equal for ID and ARN: `key/1234abcd-…`. */
export function keyResource(key: KeyReference): string {
  return `key/${key.id}`;
}

/** Returns whether a Region is in China, where other rules apply to key material. */
export function isChinaRegion(region: string): boolean {
  return region.startsWith('cn-');
}
