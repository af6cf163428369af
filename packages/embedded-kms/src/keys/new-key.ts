import type { KeyRecord, TagRecord } from '../state/records';
import { keyArn } from './key-arn';
import type { CallerIdentity } from './caller-identity';
import { assertPolicy, defaultKeyPolicy, type PolicyInput } from './key-policy';
import { withTags, type Tag } from './tags';

/** The members that requests for a new key have in common: CreateKey and ReplicateKey. */
interface NewKeyRequest extends PolicyInput {
  readonly Description?: string;
  readonly Tags?: readonly Tag[];
}

/** The properties of a new key that do not come from {@link NewKeyRequest}. */
type Given = Omit<KeyRecord, 'arn' | 'description' | 'policy' | 'tags' | 'enabled'>;

/**
 * Returns the record of a new key, whose policy, description and tags are those of the request or
 * KMS's defaults (API reference, CreateKey and ReplicateKey).
 *
 * @throws {@link KmsError} MalformedPolicyDocumentException or TagException
 */
export function newKey(given: Given, request: NewKeyRequest, caller: CallerIdentity): KeyRecord {
  const { id, accountId, region } = given;
  const { Policy, Description = '', Tags = [] } = request;
  const arn = keyArn(region, accountId, id);
  assertPolicy(request, { caller, key: { ...given, arn }, now: given.createdAt });
  const tags: TagRecord[] = withTags([], Tags);
  const own = {
    arn,
    description: Description,
    policy: Policy ?? defaultKeyPolicy(region, accountId),
    tags,
    enabled: true,
  };
  return Object.assign(own, given);
}
