// caught by: byok-deletion-window
import * as aws from '@pulumi/aws';

new aws.kms.ExternalKey('root-key', { deletionWindowInDays: 7 }, { protect: true });
