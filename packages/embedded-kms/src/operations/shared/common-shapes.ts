// Shapes that several operations share, with the limits of the botocore model of KMS (2014-11-01).

export const KEY_ID = { type: 'string', min: 1, max: 2048, required: true } as const;

export const REGION = {
  type: 'string',
  min: 1,
  max: 32,
  pattern: '^([a-z]+-){2,3}\\d+$',
  required: true,
} as const;

export const MATERIAL_ID = { type: 'string', min: 64, max: 64, pattern: '^[a-f0-9]+$' } as const;

export const CIPHERTEXT = { type: 'blob', min: 1, max: 6144 } as const;

export const GRANT_TOKENS = {
  type: 'list',
  member: { type: 'string', min: 1, max: 8192 },
  max: 10,
} as const;

export const ENCRYPTION_ALGORITHM = {
  type: 'string',
  enum: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'],
} as const;

export const DRY_RUN_MODIFIERS = {
  type: 'list',
  member: { type: 'string', enum: ['IGNORE_CIPHERTEXT'] },
} as const;

export const LIMIT = { type: 'integer', min: 1, max: 1000 } as const;

/** The model has 1000 for all operations. The API reference has less for some: that AWS refuses more is inferred. */
export function limitUpTo<const Max extends number>(max: Max) {
  return { ...LIMIT, max };
}

export const MARKER = {
  type: 'string',
  min: 1,
  max: 1024,
  pattern: '[\\u0020-\\u00FF]*',
} as const;

export const DESCRIPTION = { type: 'string', min: 0, max: 8192 } as const;

/** Its maximum is not here, because KMS has another error for it. */
export const POLICY = {
  type: 'string',
  min: 1,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
} as const;

/** BypassPolicyLockoutSafetyCheck. */
export const BYPASS = { type: 'boolean' } as const;

export const POLICY_NAME = { type: 'string', min: 1, max: 128, pattern: '[\\w]+' } as const;

export const TAGS = {
  type: 'list',
  member: {
    type: 'structure',
    members: {
      TagKey: { type: 'string', min: 1, max: 128, required: true },
      TagValue: { type: 'string', min: 0, max: 256, required: true },
    },
  },
} as const;
