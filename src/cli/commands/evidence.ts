import { createHash } from 'node:crypto';
import { Option } from 'commander';
import { PRESETS, type PresetName } from '../../policy/presets';
import { defineCommand } from '../command';
import { canonicalJson } from '../evidence/canonical-json';
import { gapsOf, type Evidence } from '../evidence/evidence';
import { readExports } from '../evidence/given-exports';
import { evidencePage } from '../evidence/page';
import { EXIT } from '../exit-code';
import { several, withAccount, withForce, withRegions, type AwsOptions } from '../options';
import { assertNoneExists, writeFiles } from '../output-file';
import { showProgress } from '../progress-bar';
import {
  LAST_USAGE_QUOTA,
  openKeyInventories,
  type RegionOptions,
} from '../status/key-inventories';

interface EvidenceOptions extends Omit<AwsOptions, 'region'>, RegionOptions {
  readonly stackExport?: readonly string[];
  readonly preset: PresetName;
  readonly out?: string;
  readonly html?: string;
  readonly force?: true;
}

/** `kms-byok evidence` */
export const evidence = defineCommand(
  {
    name: 'evidence',
    summary: 'write what an auditor asks of every key of origin EXTERNAL, as JSON and as a page',
    details: [
      `It calls ListKeys, ListAliases, DescribeKey, ListKeyRotations, GetKeyLastUsage and GetKeyPolicy, at three quarters of the quotas of AWS, and changes nothing. It needs no material. AWS allows GetKeyLastUsage ${LAST_USAGE_QUOTA}.`,
      'How and when material was imported, and the deviations from the policy rules, come from stack exports. An export needs no --show-secrets. A fact that could not be read, or that nobody recorded, is in the document with the reason.',
      'The JSON is in the canonical form of RFC 8785 with a line feed at its end, so it can be signed. The page has its SHA-256.',
    ],
    declare: (command) =>
      withForce(
        withAccount(
          withRegions(
            command
              .option(
                '--stack-export <file>',
                'file of pulumi stack export, with the records of the imports; repeat the option for other stacks',
                several,
              )
              .addOption(
                new Option('--preset <name>', 'preset of the policy rules to judge the stacks by')
                  .choices(Object.keys(PRESETS))
                  .default('regulated'),
              ),
          )
            .option('--out <file>', 'write the JSON to this file instead of stdout')
            .option('--html <file>', 'write a self-contained HTML page for screens and paper'),
        ),
      ),
    examples: [
      {
        purpose: 'the keys of one stack',
        command:
          'pulumi stack export --file stack.json && kms-byok evidence --stack-export stack.json --out evidence.json --html evidence.html',
      },
      {
        purpose: 'sign it, for everybody who knows your public key',
        command: 'ssh-keygen -Y sign -f ~/.ssh/id_ed25519 -n kms-byok-evidence evidence.json',
      },
    ],
    exitCodes: {
      0: 'everything was read, and no resource deviates from the rules',
      2: 'written, but something could not be read or judged, a resource deviates from the rules, or there are notes',
      1: 'an error; nothing is written',
    },
  },
  async (options: EvidenceOptions, io) => {
    const { out, html, force = false, preset } = options;
    const files = [out, html].filter((path) => path !== undefined);
    assertNoneExists(files, force);
    const exports = readExports(options.stackExport ?? []);
    const { collect } = await import('../evidence/collect.js');
    const inventories = await openKeyInventories(options, io);
    const progress = showProgress('keys', io);
    let found: Evidence;
    try {
      found = await collect(inventories, { exports, preset, now: io.now, progress });
    } finally {
      progress.stop();
      for (const inventory of inventories.values()) inventory.close();
    }
    const json = `${canonicalJson(found)}\n`;
    const digest = createHash('sha256').update(json).digest('hex');
    writeFiles(
      [
        ...(out === undefined ? [] : [{ path: out, content: json }]),
        ...(html === undefined ? [] : [{ path: html, content: evidencePage(found, digest) }]),
      ],
      force,
    );
    if (out === undefined) io.stdout.write(json);
    else io.stdout.write(`sha256 ${digest}\nwritten to ${files.join(' and ')}\n`);
    const gaps = gapsOf(found, options.allRegions === true);
    if (gaps.length === 0) return EXIT.ok;
    io.stderr.write(`the document names ${gaps.join(', ')}\n`);
    return EXIT.attention;
  },
);
