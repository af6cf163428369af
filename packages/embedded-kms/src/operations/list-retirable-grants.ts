import { limitUpTo, MARKER } from './shared/common-shapes';
import { assertPrincipals, grantEntry, PRINCIPAL, SERVICE_PRINCIPAL } from '../keys/grants';
import { oneOf } from '../errors/usage-errors';
import { settle } from '../keys/settle';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/**
 * ListRetirableGrants: the grants in the account and Region that a principal may retire. On AWS only services
 * may ask for those of a service (API reference).
 */
export const listRetirableGrants = operation({
  types: {
    RetiringPrincipal: PRINCIPAL,
    RetiringServicePrincipal: SERVICE_PRINCIPAL,
    Limit: limitUpTo(100),
    Marker: MARKER,
  },
  run(context, input) {
    assertPrincipals(input, context.region);
    const principal = input.RetiringPrincipal ?? input.RetiringServicePrincipal;
    if (principal === undefined) throw oneOf('RetiringPrincipal', 'RetiringServicePrincipal');
    const { store, accountId, region } = context;
    const grants = store.directory(accountId, region).retirable(principal);
    const { items, members } = page(
      grants,
      input,
      DEFAULT_LIMIT,
      ({ key }) => settle(store, key) !== undefined,
    );
    return { Grants: items.map(({ key, grant }) => grantEntry(key, grant)), ...members };
  },
});
