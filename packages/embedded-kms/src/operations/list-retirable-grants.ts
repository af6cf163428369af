import { LIMIT, MARKER } from './shared/common-shapes';
import { allKeys } from '../keys/find-key';
import { assertPrincipal, grantEntry, PRINCIPAL } from '../keys/grants';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/** ListRetirableGrants: the grants in the account and Region that a principal may retire. */
export const listRetirableGrants = operation({
  types: {
    RetiringPrincipal: { ...PRINCIPAL, required: true },
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    assertPrincipal(input.RetiringPrincipal);
    const grants = allKeys(context).flatMap((key) =>
      (key.grants ?? [])
        .filter(({ retiringPrincipal }) => retiringPrincipal === input.RetiringPrincipal)
        .map((grant) => ({ key, grant })),
    );
    const { items, members } = page(grants, input, DEFAULT_LIMIT, ({ grant }) => grant.id);
    return { Grants: items.map(({ key, grant }) => grantEntry(key, grant)), ...members };
  },
});
