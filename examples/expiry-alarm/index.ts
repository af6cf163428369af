import * as aws from '@pulumi/aws';
import { ImportedKey } from 'pulumi-kms-byok';

const topic = new aws.sns.Topic('key-expiry');

// An alarm may publish to a topic of its account; EventBridge needs to be let in.
new aws.sns.TopicPolicy('key-expiry', {
  arn: topic.arn,
  policy: topic.arn.apply((arn) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'].map((Service) => ({
        Effect: 'Allow',
        Principal: { Service },
        Action: 'sns:Publish',
        Resource: arn,
      })),
    }),
  ),
});

const key = new ImportedKey(
  'app',
  {
    materials: [{ file: 'material.bin' }],
    // Imported for 90 days. An update imports it again once less than 30 are left.
    validFor: '90d',
    renewBefore: '30d',
    // Nobody has run an update: the topic is told 14 days before, and again when it is too late.
    alarm: { daysBefore: 14, actions: [topic.arn] },
    expirationEventTargets: [topic.arn],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const topicArn = topic.arn;
export const expires = key.earliestExpiry;
