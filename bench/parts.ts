/** The parts of the table in order, each with a description. */
export const PARTS = {
  import:
    'imports of 1 to 200 keys, compared with a hand-written resource, the AWS CLI and Terraform',
  plugin: 'start of the native plugin and imports by it, compared with the dynamic provider',
  quotas:
    "imports under AWS's quotas, compared with what they allow and with a hand-written resource",
  'no-change': 'an update of 1,000 resources without a change, compared with no-op resources',
  checkpoint: 'bytes of state for each resource, compared with a hand-written one',
  registration: 'registration of 100 resources, compared with hand-written ones',
  wrap: 'wraps of key material, compared with RSA operations of OpenSSL',
  kms: 'the embedded KMS: start, requests and imports per second, memory',
  policy: 'a review by the policy pack, for each resource',
} as const;

/** A part that can be measured on its own. */
export type Part = keyof typeof PARTS;

/** Names of the parts. */
export const PART_NAMES = Object.keys(PARTS) as readonly Part[];
