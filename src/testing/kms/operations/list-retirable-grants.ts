import { LIMIT, MARKER } from '../common-shapes';
import { allKeys } from '../find-key';
import { grantEntry, PRINCIPAL } from '../grants';
import { operation } from '../operation';
import { page } from '../paging';

const DEFAULT_LIMIT = 50; // API reference

/** ListRetirableGrants: those of all keys of the account and Region that a principal may retire. */
export const listRetirableGrants = operation({
  types: {
    RetiringPrincipal: { ...PRINCIPAL, required: true },
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    const grants = allKeys(context).flatMap((key) =>
      (key.grants ?? [])
        .filter(({ retiringPrincipal }) => retiringPrincipal === input.RetiringPrincipal)
        .map((grant) => ({ key, grant })),
    );
    const { items, members } = page(grants, input, DEFAULT_LIMIT, ({ grant }) => grant.id);
    return { Grants: items.map(({ key, grant }) => grantEntry(key, grant)), ...members };
  },
});
