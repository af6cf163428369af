import * as aws from '@pulumi/aws';
import { ImportedKey } from 'pulumi-kms-byok';

const topic = new aws.sns.Topic('key-expiry');

// Alarms may publish to topics of their account. EventBridge needs this policy.
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
    // If nobody runs an update, the topic gets a message 14 days before the expiry, and another at the expiry.
    alarm: { daysBefore: 14, actions: [topic.arn] },
    expirationEventTargets: [topic.arn],
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const topicArn = topic.arn;
export const expires = key.earliestExpiry;
