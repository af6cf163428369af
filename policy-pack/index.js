'use strict';

const { join } = require('node:path');

// The SDK reads the version of a pack from package.json in the working folder.
process.chdir(join(__dirname, '..'));

try {
  require.resolve('@pulumi/policy');
} catch {
  console.error(
    'The policy pack needs @pulumi/policy beside pulumi-kms-byok: npm install --save-dev @pulumi/policy',
  );
  process.exit(1);
}
require('../dist/policy/pack.js').servePack();
