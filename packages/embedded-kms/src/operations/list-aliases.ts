import { limitUpTo, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { aliasArn } from '../keys/key-arn';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { page } from './shared/paging';
import type { KeyWithAlias } from '../state/directory';
import type { OrderedIndex } from '../state/ordered-index';
import type { KeyRecord } from '../state/records';
import type { Store } from '../state/store';

const DEFAULT_LIMIT = 50; // API reference

/**
 * ListAliases of one key or of the account and Region, in the order of creation; AWS guarantees no
 * order. The aliases of AWS's own keys (`alias/aws/…`) do not exist here.
 */
export const listAliases = operation({
  types: {
    KeyId: { type: 'string', min: 1, max: 2048 },
    Limit: limitUpTo(100),
    Marker: MARKER,
  },
  run(context, input) {
    const { store, accountId, region } = context;
    const { items, members } =
      input.KeyId === undefined
        ? page(
            store.directory(accountId, region).aliases,
            input,
            DEFAULT_LIMIT,
            ({ key }) => settle(store, key) !== undefined,
          )
        : page(
            aliasesOf(store, findKey(context, input.KeyId, 'ListAliases')),
            input,
            DEFAULT_LIMIT,
          );
    return {
      Aliases: items.map(({ key, alias: { name, createdAt, updatedAt } }) => ({
        AliasName: name,
        AliasArn: aliasArn(region, accountId, name),
        TargetKeyId: key.id,
        CreationDate: new Date(createdAt),
        LastUpdatedDate: new Date(updatedAt),
      })),
      ...members,
    };
  },
});

function aliasesOf({ lists }: Store, key: KeyRecord): OrderedIndex<KeyWithAlias> {
  const aliases = (key.aliases ?? []).map((alias) => ({ key, alias }));
  return lists.of(key, 'aliases', aliases, ({ alias }) => alias.name);
}
