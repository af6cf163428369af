import { LIMIT, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import { aliasArn } from '../keys/key-arn';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { page, pageOfIndex } from './shared/paging';
import type { KeyWithAlias } from '../state/directory';
import type { KeyRecord } from '../state/store';

const DEFAULT_LIMIT = 50; // API reference

/**
 * ListAliases of one key or of the account and Region, in the order of creation; AWS guarantees no
 * order. The aliases of AWS's own keys (`alias/aws/…`) do not exist here.
 */
export const listAliases = operation({
  types: {
    KeyId: { type: 'string', min: 1, max: 2048 },
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    const { store, accountId, region } = context;
    const { items, members } =
      input.KeyId === undefined
        ? pageOfIndex(store.directory(accountId, region).aliases, input, DEFAULT_LIMIT, {
            nameOf,
            isPresent: ({ key }) => settle(store, key) !== undefined,
          })
        : page(
            aliasesOf(findKey(context, input.KeyId, 'ListAliases')),
            input,
            DEFAULT_LIMIT,
            nameOf,
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

function aliasesOf(key: KeyRecord): readonly KeyWithAlias[] {
  return (key.aliases ?? []).map((alias) => ({ key, alias }));
}

function nameOf({ alias }: KeyWithAlias): string {
  return alias.name;
}
