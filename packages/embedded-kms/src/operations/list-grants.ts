import { KEY_ID, limitUpTo, MARKER } from './shared/common-shapes';
import { findKey } from '../keys/find-key';
import {
  assertPrincipals,
  GRANT_ID,
  grantEntry,
  PRINCIPAL,
  SERVICE_PRINCIPAL,
} from '../keys/grants';
import { operation } from './shared/operation';
import { page } from './shared/paging';

const DEFAULT_LIMIT = 50; // API reference

/**
 * ListGrants of a key, oldest first. On AWS only services may ask for the grants of a service (API reference).
 */
export const listGrants = operation({
  types: {
    KeyId: KEY_ID,
    GrantId: GRANT_ID,
    GranteePrincipal: PRINCIPAL,
    GranteeServicePrincipal: SERVICE_PRINCIPAL,
    Limit: limitUpTo(100),
    Marker: MARKER,
  },
  run(context, input) {
    assertPrincipals(input, context.region);
    const key = findKey(context, input.KeyId, 'ListGrants');
    const { GrantId: id, GranteePrincipal: grantee, GranteeServicePrincipal: service } = input;
    const grants = context.store.lists.of(key, 'grants', key.grants ?? [], (grant) => grant.id);
    const { items, members } = page(
      grants,
      input,
      DEFAULT_LIMIT,
      (grant) =>
        (id === undefined || grant.id === id) &&
        (grantee === undefined || grant.granteePrincipal === grantee) &&
        (service === undefined || grant.granteeServicePrincipal === service),
    );
    return { Grants: items.map((grant) => grantEntry(key, grant)), ...members };
  },
});
