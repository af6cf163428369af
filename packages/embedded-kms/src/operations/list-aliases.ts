import { LIMIT, MARKER } from './shared/common-shapes';
import { allKeys, findKey } from '../keys/find-key';
import { aliasArn } from '../keys/key-arn';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/**
 * ListAliases of one key or of the account and Region, in the order of keys and then of creation; AWS
 * guarantees no order. The aliases of AWS's own keys (`alias/aws/…`) do not exist here.
 */
export const listAliases = operation({
  types: {
    KeyId: { type: 'string', min: 1, max: 2048 },
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    const { accountId, region } = context;
    const keys =
      input.KeyId === undefined ? allKeys(context) : [findKey(context, input.KeyId, 'ListAliases')];
    const aliases = keys.flatMap((key) =>
      (key.aliases ?? []).map((alias) => ({ ...alias, keyId: key.id })),
    );
    const { items, members } = page(aliases, input, DEFAULT_LIMIT, ({ name }) => name);
    return {
      Aliases: items.map(({ name, keyId, createdAt, updatedAt }) => ({
        AliasName: name,
        AliasArn: aliasArn(region, accountId, name),
        TargetKeyId: keyId,
        CreationDate: new Date(createdAt),
        LastUpdatedDate: new Date(updatedAt),
      })),
      ...members,
    };
  },
});
