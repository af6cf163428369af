import * as z from 'zod';
import { DECLARED_PROXY } from '../domain/declared-proxy';
import { TRANSPORTS } from '../domain/transport';
import type { ConnectionArgs } from './args';

/** Text that is not empty. */
export const text = z.string().min(1).optional();
/** Time limit in whole seconds, at most a day. */
export const seconds = z.number().int().min(1).max(86_400).optional();

const accountId = z.string().regex(/^\d{12}$/);
const accounts = z.array(accountId).optional();

/**
 * Account IDs in stack configuration. `pulumi config set --path` and YAML make numbers of digits. An ID that has lost
 * zeros at its beginning that way is refused.
 */
export const configuredAccountIds = z.array(
  z.union([z.string(), z.number().transform(String)]).pipe(accountId),
);

const region = z
  .string()
  .regex(/^[a-z]{2}(?:-[a-z]+)+-\d+$/)
  .optional();
const endpoint = z.url({ protocol: /^https?$/ }).optional();
const proxy = z.string().regex(DECLARED_PROXY).optional();

/** Region and endpoint of KMS, and the identity that calls it. */
export const connection = z.strictObject({
  region,
  profile: text,
  endpoint,
  endpoints: z.strictObject({ sts: endpoint, secretsmanager: endpoint, ssm: endpoint }).optional(),
  httpProxy: proxy,
  httpsProxy: proxy,
  noProxy: z.string().optional(),
  useFipsEndpoint: z.boolean().optional(),
  useDualstackEndpoint: z.boolean().optional(),
  allowedAccountIds: accounts,
  forbiddenAccountIds: accounts,
  stsRegion: region,
  maxRetries: z.number().int().min(0).max(999).optional(),
  retryMode: z.enum(['standard', 'adaptive']).optional(),
  transport: z.enum(TRANSPORTS).optional(),
  assumeRole: z
    .strictObject({
      roleArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/)
        .optional(),
      externalId: text,
      sessionName: text,
      duration: text,
    })
    .optional(),
} satisfies Record<keyof ConnectionArgs, z.ZodType>);

/** The input `connection`. */
export type ConnectionInputs = z.infer<typeof connection>;
