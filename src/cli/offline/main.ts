import { fingerprint } from '../commands/fingerprint';
import { wrapCommand } from '../commands/wrap';
import { processIo } from '../io';
import { run } from '../run';
import { verifyFiles } from './verify-files';

// scripts/offline/bundle.mjs puts it there, so that the program reads no other file.
declare const VERSION: string;

const wrap = wrapCommand({
  program: 'node kms-byok-offline.js',
  details: ['A key in an HSM needs the whole program: kms-byok wrap --pkcs11.'],
  takesTokens: false,
  examples: [],
});

void run(process.argv.slice(2), processIo(), {
  of: {
    name: 'kms-byok-offline.js',
    description:
      'Wrap material for AWS KMS on a machine without a network. This file needs only Node.js. It has no code that opens a connection, and no code of AWS.',
    version: VERSION,
    commands: [wrap, fingerprint, verifyFiles],
  },
}).then((code) => {
  process.exitCode = code;
});
