import { Option } from 'commander';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';
import { isColoured } from '../io';
import {
  duration,
  withAccount,
  withForce,
  withJson,
  withRegions,
  type AwsOptions,
} from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { showProgress } from '../progress-bar';
import { requiresAction } from '../status/assess';
import { isLeaving, type FleetStatus } from '../status/key-status';
import {
  LAST_USAGE_QUOTA,
  openKeyInventories,
  type RegionOptions,
} from '../status/key-inventories';
import { statusPage } from '../status/page';
import { survey } from '../status/survey';
import { statusText, summaryOf } from '../status/text';

interface StatusOptions extends Omit<AwsOptions, 'region'>, RegionOptions {
  readonly within: number;
  readonly hidePendingDeletion?: true;
  readonly html?: string;
  readonly lastUse?: true;
  readonly json?: true;
  readonly force?: true;
}

const DEFAULT_WITHIN = '30d';

/** `kms-byok status` */
export const status = defineCommand(
  {
    name: 'status',
    summary: 'show every key of origin EXTERNAL, the most urgent first',
    details: [
      'It calls ListKeys, ListAliases, DescribeKey and ListKeyRotations, at three quarters of the quotas of AWS, and changes nothing.',
      `With --last-use it also calls GetKeyLastUsage for each key of origin EXTERNAL, which AWS allows ${LAST_USAGE_QUOTA}, and which needs kms:GetKeyLastUsage. KMS shows a use up to an hour late. "never" is for keys that KMS has watched all their life, and "none known" for keys that are older than its records.`,
      'The table fits into 100 columns, so it shortens long aliases and shows one finding of a key and the number of the others, as in "+1". --json and --html show everything. Keys that KMS will delete need no action and come last.',
    ],
    declare: (command) =>
      withForce(
        withJson(
          withAccount(
            withRegions(command)
              .addOption(
                new Option(
                  '--within <duration>',
                  'material that expires within this time needs action, such as 30d or 12h',
                )
                  .argParser(duration('--within'))
                  .default(duration('--within')(DEFAULT_WITHIN), DEFAULT_WITHIN),
              )
              .option('--hide-pending-deletion', 'leave out the keys that KMS will delete')
              .option(
                '--last-use',
                'show the last cryptographic use of each key, at four keys per second in each Region',
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
      {
        purpose: 'the whole account',
        command: 'kms-byok status --all-regions --hide-pending-deletion',
      },
      { purpose: 'the keys that nobody uses', command: 'kms-byok status --last-use' },
      { purpose: 'a page to share', command: 'kms-byok status --html status.html' },
    ],
    exitCodes: {
      0: 'nothing needs action',
      2: 'a key needs action now, or material expires within --within',
      1: 'an error: keys, or a Region that the account can use, could not be read',
    },
  },
  async (options: StatusOptions, io) => {
    const { html, force = false } = options;
    if (html !== undefined) assertNoneExists([html], force);
    const inventories = await openKeyInventories(options, io);
    const progress = showProgress('keys', io);
    try {
      const surveyed = await survey(inventories, {
        withinSeconds: options.within,
        lastUse: options.lastUse === true,
        now: io.now,
        progress,
      });
      progress.stop();
      const found = options.hidePendingDeletion === true ? withoutLeaving(surveyed) : surveyed;
      if (html !== undefined) writeFiles([{ path: html, content: statusPage(found) }], force);
      if (options.json === true) {
        const document = { format: 'pulumi-kms-byok/status', version: 1, ...found };
        io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      } else if (html === undefined) {
        io.stdout.write(statusText(found, isColoured(io.stdout, io.env)));
      } else {
        io.stdout.write(`${summaryOf(found)}\nwritten to ${html}\n`);
      }
      // No account has enabled all Regions. A Region that the user named is another matter.
      const missed = found.unreadRegions.filter(
        ({ unavailable }) => options.allRegions !== true || !unavailable,
      );
      if (found.unread.length > 0 || missed.length > 0) return EXIT.error;
      return found.keys.some(requiresAction) ? EXIT.attention : EXIT.ok;
    } finally {
      progress.stop();
      for (const inventory of inventories.values()) inventory.close();
    }
  },
);

function withoutLeaving({ keys, notes, ...status }: FleetStatus): FleetStatus {
  const staying = keys.filter((key) => !isLeaving(key));
  const hidden = keys.length - staying.length;
  return {
    ...status,
    keys: staying,
    notes: hidden === 0 ? notes : [...notes, `hidden, because KMS will delete them: ${hidden}`],
  };
}
