import {
  aliasNotFound,
  arnOfAnotherRegion,
  invalidArn,
  invalidKeyId,
  keyNotFound,
  otherAccount,
} from './errors';
import { isKeyId, keyArn, parseKmsArn, partitionOf } from './key-arn';
import { assertAllowed, type KeyOperation } from './key-state';
import type { Context } from './operation';
import { settle } from './settle';
import type { KeyRecord } from './store';

/**
 * The key that a request names by id or ARN, settled, in a state that allows the operation.
 *
 * @throws {@link KmsError} NotFoundException, InvalidArnException, AccessDeniedException, or what
 * the key-state table says. An alias is no valid id here (Developer Guide, for the import operations).
 */
export function findKey(context: Context, keyId: string, operation: KeyOperation): KeyRecord {
  const key = lookUp(context, keyIdIn(context, keyId, operation));
  assertAllowed(key, operation);
  return key;
}

/** As {@link findKey}, where AWS takes an alias too. No aliases exist yet, so none is ever found. */
export function findKeyOrAlias(
  context: Context,
  keyId: string,
  operation: KeyOperation,
): KeyRecord {
  if (keyId.startsWith('alias/')) {
    const { region, accountId } = context;
    throw aliasNotFound(`arn:${partitionOf(region)}:kms:${region}:${accountId}:${keyId}`);
  }
  if (parseKmsArn(keyId)?.kind === 'alias') throw aliasNotFound(keyId);
  return findKey(context, keyId, operation);
}

/** The key with an id in the caller's account and Region, settled; undefined when there is none. */
export function findById(context: Context, keyId: string): KeyRecord | undefined {
  const key = context.store.keys(context.accountId, context.region).get(keyId);
  return key === undefined ? undefined : settle(context.store, key);
}

function lookUp(context: Context, keyId: string): KeyRecord {
  const key = findById(context, keyId);
  if (key === undefined) throw keyNotFound(keyArn(context.region, context.accountId, keyId));
  return key;
}

function keyIdIn(context: Context, text: string, operation: KeyOperation): string {
  if (!text.startsWith('arn:')) {
    if (!isKeyId(text)) throw invalidKeyId(text);
    return text;
  }
  const arn = parseKmsArn(text);
  if (arn === undefined) throw invalidArn();
  if (arn.kind === 'alias' || !isKeyId(arn.name)) throw invalidKeyId(text);
  if (arn.region !== context.region) throw arnOfAnotherRegion(arn.region);
  if (arn.accountId !== context.accountId) throw otherAccount(operation, text);
  return arn.name;
}
