import { LIMIT, MARKER } from './shared/common-shapes';
import { assertPrincipal, grantEntry, PRINCIPAL } from '../keys/grants';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { pageOfIndex } from './shared/paging';

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
    const { store, accountId, region } = context;
    const grants = store.directory(accountId, region).retirable(input.RetiringPrincipal);
    const { items, members } = pageOfIndex(grants, input, DEFAULT_LIMIT, {
      nameOf: ({ grant }) => grant.id,
      isPresent: ({ key }) => settle(store, key) !== undefined,
    });
    return { Grants: items.map(({ key, grant }) => grantEntry(key, grant)), ...members };
  },
});
