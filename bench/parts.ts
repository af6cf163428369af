/** The parts of the table in order, each with a description. */
export const PARTS = {
  import:
    'imports of 1 to 200 keys, compared with a hand-written resource, the AWS CLI and Terraform, also without what the engine takes for resources that do nothing',
  'first-call':
    'time from pulumi up to the first call of KMS, by phases, compared with a hand-written resource',
  plugin: 'start of the native plugin and imports by it, compared with the dynamic provider',
  quotas:
    "imports under AWS's quotas, compared with what they allow and with a hand-written resource",
  'no-change':
    'an update of 1,000 and 5,000 resources without a change, compared with no-op resources, and the memory of the provider',
  preview: 'a preview of 1,000 new resources, compared with hand-written and no-op ones',
  state:
    'bytes of state, and the engine in a large update beside no-op resources with as many bytes',
  registration: 'registration of 100 resources, compared with hand-written ones',
  status: 'status of 5,000 keys, compared with the same calls by the AWS SDK',
  wrap: 'wraps of key material, compared with Python and Go',
  kms: 'the embedded KMS: start, requests, imports, lists of 50,000 keys, memory',
  policy: 'a review by the policy pack of 1,000 and 4,000 resources',
} as const;

/** A part that can be measured on its own. */
export type Part = keyof typeof PARTS;

/** Names of the parts. */
export const PART_NAMES = Object.keys(PARTS) as readonly Part[];
