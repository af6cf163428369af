import { validation } from '../errors/kms-error';
import { operation } from '../operations/shared/operation';
import { randomUniqueId } from '../crypto/random';

const DEFAULT_DURATION_SECONDS = 3600; // STS API reference

const ROLE_ARN =
  /^arn:(?<partition>aws[a-z-]*):iam::(?<account>\d{12}):role\/(?:.*\/)?(?<role>[\w+=,.@-]+)$/;

/**
 * AssumeRole: everybody may assume every role. The new access key works in the account of the role ARN.
 * It keeps working after Expiration, which is an instant of the injected clock.
 */
export const assumeRole = operation({
  types: {
    RoleArn: { type: 'string', min: 20, max: 2048, required: true },
    RoleSessionName: {
      type: 'string',
      min: 2,
      max: 64,
      pattern: '[\\w+=,.@-]*',
      required: true,
    },
    ExternalId: { type: 'string', min: 2, max: 1224 },
    DurationSeconds: { type: 'integer', min: 900, max: 43200 },
  },
  run({ store, now }, input) {
    const groups = ROLE_ARN.exec(input.RoleArn)?.groups;
    // The text is third party.
    if (groups === undefined) throw validation(`${input.RoleArn} is invalid`);
    const { partition = '', account = '', role = '' } = groups;
    const { random } = store;
    const accessKeyId = `ASIA${randomUniqueId(random)}`;
    const userId = `AROA${randomUniqueId(random)}:${input.RoleSessionName}`;
    const arn = `arn:${partition}:sts::${account}:assumed-role/${role}/${input.RoleSessionName}`;
    const secretAccessKey = random(30).toString('base64');
    store.state.sessions.set(accessKeyId, {
      accountId: account,
      arn,
      roleArn: input.RoleArn,
      userId,
      secretAccessKey,
    });
    const duration = input.DurationSeconds ?? DEFAULT_DURATION_SECONDS;
    return {
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: random(96).toString('base64'),
        Expiration: new Date(now + duration * 1000),
      },
    };
  },
});
