import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByokError } from '../../errors';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { withForce, withJson } from '../options';
import { writeFiles } from '../output-file';

interface OfflineOptions {
  readonly out: string;
  readonly force?: true;
  readonly json?: true;
}

const NAME = 'kms-byok-offline.js';

/** `kms-byok offline` */
export const offline = defineCommand(
  {
    name: 'offline',
    summary: 'write a single file that wraps material on a machine without a network',
    details: [
      'The file has wrap, fingerprint and verify for files, and needs only Node.js: no other file, no package, and no code that opens a connection. It prints the SHA-256 of the file. Read it to the people at the other machine, over another channel than the file. Everybody who installs the same version of this package gets the same file.',
    ],
    declare: (command) =>
      withForce(
        withJson(command.requiredOption('--out <folder>', 'the folder in which to write the file')),
      ),
    examples: [
      {
        purpose: 'on a stick, and its use on the other machine',
        command: 'kms-byok offline --out stick',
      },
    ],
    exitCodes: { 0: 'the file is written', 1: 'an error; nothing is written' },
  },
  async (options: OfflineOptions, io) => {
    const { out, force = false, json } = options;
    // Beside the compiled commands, also if this file is run from src.
    const content = readFileSync(join(__dirname, '../../../dist/cli/offline', NAME), 'utf8');
    try {
      mkdirSync(out, { recursive: true });
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new ByokError('FILE_ACCESS', `${out} cannot be made (${code}): name another folder`);
    }
    const path = join(out, NAME);
    writeFiles([{ path, content }], force);
    const sha256 = createHash('sha256').update(content).digest('hex');
    io.stdout.write(
      json === true
        ? `${JSON.stringify({ file: path, sha256 })}\n`
        : [
            `file     ${path}`,
            `sha-256  ${sha256}`,
            '',
            'On the other machine, compare the SHA-256, then wrap:',
            '',
            `  openssl dgst -sha256 ${NAME}`,
            `  node ${NAME} wrap --bundle bundle.json --material file:material.bin --out wrapped.json`,
            '',
          ].join('\n'),
    );
    return Promise.resolve(EXIT.ok);
  },
);
