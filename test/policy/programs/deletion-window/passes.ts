// caught by: none
import * as aws from '@pulumi/aws';

new aws.kms.ExternalKey('root-key', { deletionWindowInDays: 30 }, { protect: true });
