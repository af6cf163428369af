import {
  aliasCharacters,
  aliasExists,
  aliasOfAnAlias,
  aliasPrefixMissing,
  aliasNotFound,
  aliasOfAnotherKind,
  reservedAlias,
  tooManyAliases,
} from '../errors/alias-errors';
import { aliasArn, parseKmsArn } from './key-arn';
import { factsOfKey, isAsymmetric } from '../crypto/key-specs';
import type { Context } from './context';
import { settle } from './settle';
import type { AliasRecord, KeyRecord } from '../state/records';

const MAX_ALIASES = 50; // Developer Guide, resource-limits: for each key

/** The account and Region whose aliases are meant. */
type Place = Pick<Context, 'store' | 'accountId' | 'region'>;

/** The name of an alias in a request, by the model. {@link assertAliasName} has the other rules. */
export const ALIAS_NAME = {
  type: 'string',
  min: 1,
  max: 256,
  pattern: '^[a-zA-Z0-9:/_-]+$',
  required: true,
} as const;

/** Returns the settled key that an alias points to; undefined when there is no such alias. */
export function keyOfAlias({ store, accountId, region }: Place, name: string) {
  const found = store.directory(accountId, region).aliases.get(name);
  return found && settle(store, found.key);
}

/**
 * Asserts that an alias can have a name. The model's pattern allows colons, the API reference does not.
 *
 * @throws {@link KmsError} ValidationException without the prefix (recorded) or with a colon,
 * NotAuthorizedException for names that are reserved for AWS (documented).
 */
export function assertAliasName(name: string): void {
  if (!name.startsWith('alias/') || name === 'alias/') throw aliasPrefixMissing();
  if (name.startsWith('alias/aws/')) throw reservedAlias();
  if (name.includes(':')) throw aliasCharacters(name);
}

/** @throws {@link KmsError} ValidationException when the target of an alias is an alias */
export function assertAliasTarget(keyId: string): void {
  if (keyId.startsWith('alias/') || parseKmsArn(keyId)?.kind === 'alias') throw aliasOfAnAlias();
}

/**
 * Gives a key another name.
 *
 * @throws {@link KmsError} AlreadyExistsException when a key of the account and Region has the alias,
 * LimitExceededException when the key has 50.
 */
export function addAlias(place: Place, key: KeyRecord, alias: AliasRecord): void {
  if (keyOfAlias(place, alias.name) !== undefined) throw aliasExists(arnOf(place, alias.name));
  assertRoom(key);
  place.store.setAliases(key, [...(key.aliases ?? []), alias]);
}

/**
 * Points an alias to another key.
 *
 * @throws {@link KmsError} NotFoundException when there is no such alias, ValidationException when
 * the keys differ in type or usage.
 */
export function moveAlias(place: Place, name: string, to: KeyRecord, now: number): void {
  const from = keyOfAlias(place, name);
  if (from === undefined) throw aliasNotFound(arnOf(place, name));
  if (kindOf(from) !== kindOf(to) || from.keyUsage !== to.keyUsage) {
    throw aliasOfAnotherKind(arnOf(place, name));
  }
  const createdAt = from.aliases?.find((alias) => alias.name === name)?.createdAt ?? now;
  if (from !== to) assertRoom(to);
  const moved = { name, createdAt, updatedAt: now };
  // First to the new key, so that the alias keeps its place in lists.
  place.store.setAliases(to, [...without(to, name), moved]);
  if (from !== to) drop(place, from, name);
}

/** @throws {@link KmsError} NotFoundException when there is no such alias. */
export function removeAlias(place: Place, name: string): void {
  const key = keyOfAlias(place, name);
  if (key === undefined) throw aliasNotFound(arnOf(place, name));
  drop(place, key, name);
}

function drop({ store }: Place, key: KeyRecord, name: string): void {
  store.setAliases(key, without(key, name));
}

function without(key: KeyRecord, name: string): readonly AliasRecord[] {
  return key.aliases?.filter((alias) => alias.name !== name) ?? [];
}

function assertRoom(key: KeyRecord): void {
  if ((key.aliases ?? []).length >= MAX_ALIASES) throw tooManyAliases(key.arn);
}

function arnOf({ region, accountId }: Place, name: string): string {
  return aliasArn(region, accountId, name);
}

/** Returns the type that UpdateAlias must not change: symmetric, HMAC or asymmetric (API reference). */
function kindOf(key: KeyRecord): string {
  return isAsymmetric(key) ? 'asymmetric' : factsOfKey(key).kind;
}
