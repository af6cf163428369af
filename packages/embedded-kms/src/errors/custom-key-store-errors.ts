import { KmsError, validation } from './kms-error';

/** The name is documented, the text is inferred. No account has a custom key store here. */
export function customKeyStoreNotFound(idOrName: string): KmsError {
  return new KmsError(
    'CustomKeyStoreNotFoundException',
    `Custom key store ${idOrName} does not exist.`,
  );
}

/** The name is documented, the text is inferred. No account has a CloudHSM cluster here. */
export function cloudHsmClusterNotFound(clusterId: string): KmsError {
  return new KmsError(
    'CloudHsmClusterNotFoundException',
    `CloudHSM cluster ${clusterId} does not exist.`,
  );
}

/** The name is documented, the text is inferred. No account has a VPC endpoint service here. */
export function xksEndpointServiceNotFound(serviceName: string): KmsError {
  return new KmsError(
    'XksProxyVpcEndpointServiceNotFoundException',
    `VPC endpoint service ${serviceName} does not exist.`,
  );
}

/** The name is documented, the text is inferred. This server connects to no proxy. */
export function xksProxyUnreachable(endpoint: string): KmsError {
  return new KmsError(
    'XksProxyUriUnreachableException',
    `The external key store proxy at ${endpoint} cannot be reached.`,
  );
}

/** The rule is documented (API reference, CreateCustomKeyStore and CreateKey), name and text are inferred. */
export function neededFor(member: string, value: string): KmsError {
  return validation(`${member} is required for ${value}.`);
}

/** The rule is documented (API reference, CreateKey), name and text are inferred. */
export function xksKeyIdNotAllowed(origin: string): KmsError {
  return validation(`XksKeyId is not valid for a key with Origin ${origin}.`);
}
