// caught by: byok-no-key-material-base64
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';

new aws.kms.ExternalKey(
  'root-key',
  { keyMaterialBase64: new pulumi.Config().requireSecret('rootKey') },
  { protect: true },
);
