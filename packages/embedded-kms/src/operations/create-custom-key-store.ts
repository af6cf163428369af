import {
  cloudHsmClusterNotFound,
  neededFor,
  xksEndpointServiceNotFound,
  xksProxyUnreachable,
} from '../errors/custom-key-store-errors';
import { CUSTOM_KEY_STORE_MEMBERS, CUSTOM_KEY_STORE_NAME } from './shared/custom-key-store';
import { operation } from './shared/operation';

/** The members that each type of custom key store requires (API reference). */
const REQUIRED = {
  AWS_CLOUDHSM: ['CloudHsmClusterId', 'TrustAnchorCertificate', 'KeyStorePassword'],
  EXTERNAL_KEY_STORE: [
    'XksProxyUriEndpoint',
    'XksProxyUriPath',
    'XksProxyAuthenticationCredential',
    'XksProxyConnectivity',
  ],
} as const;

/**
 * CreateCustomKeyStore, as on an account that has no CloudHSM cluster and no VPC endpoint service, and with an
 * external key store proxy that cannot be reached.
 */
export const createCustomKeyStore = operation({
  types: {
    ...CUSTOM_KEY_STORE_MEMBERS,
    CustomKeyStoreName: { ...CUSTOM_KEY_STORE_NAME, required: true },
    CustomKeyStoreType: { type: 'string', enum: ['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    TrustAnchorCertificate: { type: 'string', min: 1, max: 5000 },
  },
  run(_context, input) {
    const type = input.CustomKeyStoreType ?? 'AWS_CLOUDHSM';
    for (const member of REQUIRED[type]) {
      if (input[member] === undefined) throw neededFor(member, `CustomKeyStoreType ${type}`);
    }
    if (type === 'AWS_CLOUDHSM') throw cloudHsmClusterNotFound(input.CloudHsmClusterId ?? '');
    if (input.XksProxyConnectivity === 'VPC_ENDPOINT_SERVICE') {
      const name = 'XksProxyVpcEndpointServiceName';
      const service = input[name];
      throw service === undefined
        ? neededFor(name, 'XksProxyConnectivity VPC_ENDPOINT_SERVICE')
        : xksEndpointServiceNotFound(service);
    }
    throw xksProxyUnreachable(input.XksProxyUriEndpoint ?? '');
  },
});
