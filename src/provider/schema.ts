import * as z from 'zod';
import { DECLARED_PROXY, DECLARED_PROXY_FORM } from '../domain/declared-proxy';
import { DAY_SECONDS } from '../domain/duration';
import { TRANSPORTS } from '../domain/transport';
import type { AssumeRoleArgs, ConnectionArgs, EndpointsArgs } from './args';

/** The schema of each member of an input that is an object. */
export type MemberSchemas<Args> = Readonly<Record<keyof Args, z.ZodType>>;

/** Returns the schemas in a table of inputs, of those with these names. */
export function schemasOf<
  Table extends Readonly<Record<string, { readonly schema: z.ZodOptional }>>,
  Name extends keyof Table,
>(table: Table, names: readonly Name[]): { [Each in Name]: Table[Each]['schema'] } {
  return Object.fromEntries(names.map((name) => [name, table[name]?.schema])) as {
    [Each in Name]: Table[Each]['schema'];
  };
}

/** Text that is not empty. */
export const text = z.string().min(1).optional();
/** Time limit in whole seconds, at most a day. */
export const seconds = z.number().int().min(1).max(DAY_SECONDS).optional();

/**
 * Text of one form.
 *
 * @param form - the form, as a message says it after the name of the input
 */
export function formatted(pattern: RegExp, form: string): z.ZodString {
  return z.string().regex(pattern, form);
}

const accountId = formatted(/^\d{12}$/, 'must be an account ID, 12 digits in quotes');
const accounts = z.array(accountId).optional();

/**
 * Account IDs in stack configuration. `pulumi config set --path` and YAML make numbers of digits. An ID that has lost
 * zeros at its beginning that way is refused.
 */
export const configuredAccountIds = z.array(
  z.union([z.string(), z.number().transform(String)]).pipe(accountId),
);

const region = formatted(
  /^[a-z]{2}(?:-[a-z]+)+-\d+$/,
  'must be an AWS Region such as eu-central-1',
).optional();
const endpoint = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional();
const proxy = formatted(DECLARED_PROXY, DECLARED_PROXY_FORM).optional();

/** Region and endpoint of KMS, and the identity that calls it. */
export const connection = z.strictObject({
  region,
  profile: text,
  endpoint,
  endpoints: z
    .strictObject({
      sts: endpoint,
      secretsmanager: endpoint,
      ssm: endpoint,
    } satisfies MemberSchemas<EndpointsArgs>)
    .optional(),
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
      roleArn: formatted(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
        'must be the ARN of an IAM role',
      ).optional(),
      externalId: text,
      sessionName: text,
      duration: text,
    } satisfies MemberSchemas<AssumeRoleArgs>)
    .optional(),
} satisfies MemberSchemas<ConnectionArgs>);

/** The input `connection`. */
export type ConnectionInputs = z.infer<typeof connection>;
