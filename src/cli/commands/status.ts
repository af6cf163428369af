import { setMaxListeners } from 'node:events';
import { Option } from 'commander';
import { openKeyInventories } from '../aws';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { isColoured } from '../io';
import { duration, several, withAccount, withForce, withJson, type AwsOptions } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { showProgress } from '../progress-bar';
import { requiresAction } from '../status/assess';
import { statusPage } from '../status/page';
import { survey } from '../status/survey';
import { statusText, summaryOf } from '../status/text';

interface StatusOptions extends Omit<AwsOptions, 'region'> {
  readonly region?: readonly string[];
  readonly within: number;
  readonly html?: string;
  readonly json?: true;
  readonly force?: true;
}

const DEFAULT_WITHIN_SECONDS = 30 * 86_400;

/** `kms-byok status` */
export const status = defineCommand(
  {
    name: 'status',
    summary: 'show every key of origin EXTERNAL, the most urgent first',
    details: [
      'It calls ListKeys, ListAliases, DescribeKey and ListKeyRotations, at three quarters of the quotas of AWS, and changes nothing.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAccount(
            command
              .option(
                '--region <name>',
                'AWS Region; may be given several times; default: AWS_REGION or AWS_DEFAULT_REGION, then the profile',
                several,
              )
              .addOption(
                new Option(
                  '--within <duration>',
                  'material that expires within this time needs action, such as 30d or 12h',
                )
                  .argParser(duration('--within'))
                  .default(DEFAULT_WITHIN_SECONDS, '30d'),
              )
              .option('--html <file>', 'write a self-contained HTML page'),
          ),
        ),
      ),
    examples: [
      { purpose: 'the keys in the Region of the profile', command: 'kms-byok status' },
      {
        purpose: 'two Regions, for a nightly check',
        command:
          'kms-byok status --region eu-central-1 --region eu-west-1 --within 45d --json > status.json',
      },
      { purpose: 'a page to share', command: 'kms-byok status --html status.html' },
    ],
    exitCodes: {
      0: 'nothing needs action',
      2: 'a key needs action now, or material expires within --within',
      1: 'an error: keys could not be read',
    },
  },
  async (options: StatusOptions, io) => {
    const { html, force = false } = options;
    if (html !== undefined) assertNoneExists([html], force);
    const inventories = await openKeyInventories(options, io);
    const progress = showProgress('keys', io);
    const ending = new AbortController();
    // Each call that is under way adds a listener.
    setMaxListeners(0, ending.signal);
    try {
      const found = await survey(inventories, {
        withinSeconds: options.within,
        now: io.now,
        signal: ending.signal,
        progress,
      });
      progress.stop();
      if (html !== undefined) writeFiles([{ path: html, content: statusPage(found) }], force);
      if (options.json === true) {
        const document = { format: 'pulumi-kms-byok/status', version: 1, ...found };
        io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      } else if (html === undefined) {
        io.stdout.write(statusText(found, isColoured(io.stdout, io.env)));
      } else {
        io.stdout.write(`${summaryOf(found)}\nwritten to ${html}\n`);
      }
      if (found.unread.length > 0) return EXIT.error;
      return found.keys.some(requiresAction) ? EXIT.attention : EXIT.ok;
    } finally {
      progress.stop();
      // Ends the calls that are under way if a Region could not be read.
      ending.abort();
      for (const inventory of inventories.values()) inventory.close();
    }
  },
);
