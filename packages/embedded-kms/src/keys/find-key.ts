import { aliasNotFound } from '../errors/alias-errors';
import { keyOfAlias } from './aliases';
import {
  arnOfAnotherRegion,
  invalidArn,
  invalidKeyId,
  keyNotFound,
  otherAccount,
} from '../errors/kms-error';
import { aliasArn, isKeyId, keyArn, parseKmsArn } from './key-arn';
import { assertAllowed, type KeyOperation } from './key-state';
import type { Context } from './context';
import { partitionOf } from './regions';
import { settle } from './settle';
import type { KeyRecord } from '../state/records';

/**
 * Finds the key that a request names by id or ARN, settled, in a state that allows the operation.
 *
 * @throws {@link KmsError} NotFoundException, InvalidArnException, AccessDeniedException, or the error in
 * the key-state table. Aliases are not valid ids here (Developer Guide, for the import operations).
 */
export function findKey(context: Context, keyId: string, operation: KeyOperation): KeyRecord {
  const key = findKeyInAnyState(context, keyId, operation);
  assertAllowed(key, operation);
  return key;
}

/** As {@link findKey}, without the key-state table. */
export function findKeyInAnyState(
  context: Context,
  keyId: string,
  operation: KeyOperation,
): KeyRecord {
  return lookUp(context, keyIdIn(context, keyId, operation));
}

/** As {@link findKey}, for operations that also accept the name or ARN of an alias. */
export function findKeyOrAlias(
  context: Context,
  keyId: string,
  operation: KeyOperation,
): KeyRecord {
  const name = aliasNameIn(context, keyId, operation);
  if (name === undefined) return findKey(context, keyId, operation);
  const key = keyOfAlias(context, name);
  if (key === undefined) throw aliasNotFound(aliasArn(context.region, context.accountId, name));
  assertAllowed(key, operation);
  return key;
}

/** Finds a key by its id in the caller's account and Region, settled; undefined when there is none. */
export function findById(context: Context, keyId: string): KeyRecord | undefined {
  const key = context.store.keys(context.accountId, context.region).get(keyId);
  if (key === undefined) return undefined;
  // Eventual consistency (Developer Guide, accessing-kms): a new key may not be found at once.
  const age = context.now - key.createdAt;
  if (age >= 0 && age < context.propagationMilliseconds) return undefined;
  return settle(context.store, key);
}

/** Returns the name, with its prefix, if the text is an alias or the ARN of one. */
function aliasNameIn(context: Context, text: string, operation: KeyOperation): string | undefined {
  if (text.startsWith('alias/')) return text;
  const arn = parseKmsArn(text);
  if (arn?.kind !== 'alias') return undefined;
  if (arn.region !== context.region) throw arnOfAnotherRegion(arn.region);
  if (arn.partition !== partitionOf(arn.region)) throw aliasNotFound(text);
  if (arn.accountId !== context.accountId) throw otherAccount(operation, text);
  return `alias/${arn.name}`;
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
  if (arn.partition !== partitionOf(arn.region)) throw keyNotFound(text);
  if (arn.accountId !== context.accountId) throw otherAccount(operation, text);
  return arn.name;
}
