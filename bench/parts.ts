/** The parts of the table in order, each with a description. */
export const PARTS = {
  import: 'imports of 1 to 200 keys, beside a hand-written resource, the AWS CLI and Terraform',
  quotas: "imports under AWS's quotas, beside what they allow and a hand-written resource",
  'no-change': 'an update of 1,000 resources without a change, beside no-op resources',
  checkpoint: 'bytes of state for each resource, beside a hand-written one',
  registration: 'registration of 100 resources, beside hand-written ones',
  wrap: 'wraps of key material, beside RSA operations of OpenSSL',
  kms: 'the embedded KMS: start, requests and imports per second, memory',
  policy: 'a review by the policy pack, for each resource',
} as const;

/** A part that can be measured on its own. */
export type Part = keyof typeof PARTS;

/** Names of the parts. */
export const PART_NAMES = Object.keys(PARTS) as readonly Part[];
