import {
  customKeyStoreNotFound,
  neededFor,
  xksKeyIdNotAllowed,
} from '../../errors/custom-key-store-errors';
import { operation } from './operation';

// Shapes of the botocore model.

export const CUSTOM_KEY_STORE_ID = { type: 'string', min: 1, max: 64 } as const;

export const CUSTOM_KEY_STORE_NAME = { type: 'string', min: 1, max: 256 } as const;

/** The members that CreateCustomKeyStore and UpdateCustomKeyStore share. */
export const CUSTOM_KEY_STORE_MEMBERS = {
  CloudHsmClusterId: {
    type: 'string',
    min: 19,
    max: 24,
    pattern: 'cluster-[2-7a-zA-Z]{11,16}',
  },
  KeyStorePassword: { type: 'string', min: 7, max: 32, isSecret: true },
  XksProxyUriEndpoint: { type: 'string', min: 10, max: 128, pattern: '^https://[a-zA-Z0-9.-]+$' },
  XksProxyUriPath: {
    type: 'string',
    min: 10,
    max: 128,
    pattern: '^(/[a-zA-Z0-9\\/_-]+/kms/xks/v\\d{1,2})$|^(/kms/xks/v\\d{1,2})$',
  },
  XksProxyVpcEndpointServiceName: {
    type: 'string',
    min: 20,
    max: 64,
    pattern: '^(com|eu)\\.amazonaws\\.vpce\\.([a-z]+-){2,3}\\d+\\.vpce-svc-[0-9a-z]+$',
  },
  XksProxyVpcEndpointServiceOwner: { type: 'string', min: 12, max: 12, pattern: '[0-9]{12}' },
  XksProxyAuthenticationCredential: {
    type: 'structure',
    members: {
      AccessKeyId: {
        type: 'string',
        min: 20,
        max: 30,
        pattern: '^[A-Z2-7]+$',
        required: true,
        isSecret: true,
      },
      RawSecretAccessKey: {
        type: 'string',
        min: 43,
        max: 64,
        pattern: '^[a-zA-Z0-9\\/+=]+$',
        required: true,
        isSecret: true,
      },
    },
  },
  XksProxyConnectivity: { type: 'string', enum: ['PUBLIC_ENDPOINT', 'VPC_ENDPOINT_SERVICE'] },
} as const;

/** An operation on a custom key store. No account has one, so it never finds it. */
export const operationOnCustomKeyStore = operation({
  types: { CustomKeyStoreId: { ...CUSTOM_KEY_STORE_ID, required: true } },
  run(_context, { CustomKeyStoreId: id }) {
    throw customKeyStoreNotFound(id);
  },
});

interface PlaceOfKey {
  readonly CustomKeyStoreId?: string;
  readonly XksKeyId?: string;
}

/**
 * Refuses a new key in a custom key store, because no account has one.
 *
 * @throws {@link KmsError} ValidationException when the members do not fit the origin,
 * CustomKeyStoreNotFoundException otherwise.
 */
export function refuseCustomKeyStore<Origin extends string>(
  origin: Origin,
  { CustomKeyStoreId: id, XksKeyId: xksKeyId }: PlaceOfKey,
): asserts origin is Extract<Origin, 'AWS_KMS' | 'EXTERNAL'> {
  const isExternalStore = origin === 'EXTERNAL_KEY_STORE';
  const isInStore = isExternalStore || origin === 'AWS_CLOUDHSM';
  if (isInStore && id === undefined) throw neededFor('CustomKeyStoreId', `Origin ${origin}`);
  if (isExternalStore && xksKeyId === undefined) throw neededFor('XksKeyId', `Origin ${origin}`);
  if (!isExternalStore && xksKeyId !== undefined) throw xksKeyIdNotAllowed(origin);
  if (id !== undefined) throw customKeyStoreNotFound(id);
}
