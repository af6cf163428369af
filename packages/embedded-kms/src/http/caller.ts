import type { SessionRecord } from '../state/records';

/** The caller that the signature names. `signatures.ts` verifies the signature. */
export interface Caller {
  readonly accessKeyId: string | undefined;
  readonly accountId: string;
  readonly region: string;
}

/** The Region of requests that are not signed, and of seeds that name none. */
export const DEFAULT_REGION = 'eu-central-1';

// The credential scope of SigV4: access key id / date / Region / service / aws4_request.
const SCOPE =
  /Credential=(?<key>[^/,\s]+)\/\d{8}\/(?<region>[a-z]+(?:-[a-z0-9]+)+)\/[a-z0-9-]+\/aws4_request/;

/**
 * Reads the caller from an Authorization header. An access key id of 12 digits is the account id itself.
 * One from AssumeRole belongs to the account of its role, and all others to the default account.
 */
export function callerOf(
  authorization: string | undefined,
  sessions: ReadonlyMap<string, SessionRecord>,
  defaultAccountId: string,
): Caller {
  const groups = SCOPE.exec(authorization ?? '')?.groups;
  const accessKeyId = groups?.key;
  const region = groups?.region ?? DEFAULT_REGION;
  if (accessKeyId !== undefined && isAccountId(accessKeyId)) {
    return { accessKeyId, accountId: accessKeyId, region };
  }
  const session = accessKeyId === undefined ? undefined : sessions.get(accessKeyId);
  return { accessKeyId, accountId: session?.accountId ?? defaultAccountId, region };
}

/** Whether a text has the form of an account id. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}
