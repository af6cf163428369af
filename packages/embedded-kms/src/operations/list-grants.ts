import { KEY_ID, LIMIT, MARKER } from './shared/common-shapes';
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
    Limit: LIMIT,
    Marker: MARKER,
  },
  run(context, input) {
    assertPrincipals(input);
    const key = findKey(context, input.KeyId, 'ListGrants');
    const { GrantId: id, GranteePrincipal: grantee, GranteeServicePrincipal: service } = input;
    const grants = (key.grants ?? []).filter(
      (grant) =>
        (id === undefined || grant.id === id) &&
        (grantee === undefined || grant.granteePrincipal === grantee) &&
        (service === undefined || grant.granteeServicePrincipal === service),
    );
    const { items, members } = page(grants, input, DEFAULT_LIMIT, (grant) => grant.id);
    return { Grants: items.map((grant) => grantEntry(key, grant)), ...members };
  },
});
