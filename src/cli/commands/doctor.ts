import { connectionIn, connectionTo, openKeyInventory, openKms } from '../aws';
import { defineCommand } from '../command';
import { diagnoseAccount, diagnoseKey } from '../doctor/account';
import { diagnoseSdk } from '../doctor/aws-sdk';
import type { Diagnosis } from '../doctor/diagnosis';
import { diagnoseProxy } from '../doctor/network';
import { diagnoseProject } from '../doctor/project';
import { diagnosePulumiCli } from '../doctor/pulumi-cli';
import { diagnoseRuntime } from '../doctor/runtime';
import { EXIT } from '../exit-code';
import { withAws, withJson, type AwsOptions } from '../options';

interface DoctorOptions extends AwsOptions {
  readonly keyId?: string;
  readonly project: string;
  readonly offline?: true;
  readonly json?: true;
}

/** `kms-byok doctor` */
export const doctor = defineCommand(
  {
    name: 'doctor',
    summary: 'find problems of an installation, with their remedies',
    details: [
      'It checks Node.js, OpenSSL, the Pulumi CLI, the packages of the project, the AWS clients, the Region, the credentials and the permissions. It changes nothing. With --key-id, it also fetches an import token from KMS and discards it.',
    ],
    declare: (command) =>
      withJson(
        withAws(
          command
            .option('--key-id <id>', 'check the permissions for an import into this key')
            .option('--project <folder>', 'a folder of the Pulumi project', '.')
            .option('--offline', 'do not call AWS'),
        ),
      ),
    examples: [
      { purpose: 'in the folder of the program', command: 'kms-byok doctor' },
      {
        purpose: 'check that a profile can import',
        command:
          'kms-byok doctor --profile custodian --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-central-1',
      },
    ],
    exitCodes: { 0: 'no problem', 2: 'a problem was found', 1: 'an error' },
  },
  async (options: DoctorOptions, io) => {
    const found: Diagnosis[] = [
      ...diagnoseRuntime(process.versions.node),
      await diagnosePulumiCli(io.env),
      ...diagnoseProject(options.project === '.' ? process.cwd() : options.project),
      ...diagnoseSdk(__dirname),
      diagnoseProxy({}, io.env),
    ];
    if (options.offline !== true) {
      const { keyId } = options;
      const connection =
        keyId === undefined
          ? connectionIn(options.region, options, io)
          : connectionTo(keyId, options, io);
      const inventory = await openKeyInventory(connection);
      found.push(...(await diagnoseAccount(inventory)));
      inventory.close();
      if (keyId !== undefined) {
        found.push(...(await diagnoseKey(await openKms(keyId, options, io), keyId)));
      }
    }
    io.stdout.write(options.json === true ? `${JSON.stringify(found)}\n` : text(found));
    return found.some(({ verdict }) => verdict === 'problem') ? EXIT.attention : EXIT.ok;
  },
);

function text(found: readonly Diagnosis[]): string {
  return found
    .flatMap(({ name, verdict, found: what, remedy }) => [
      `${verdict.padEnd(8)} ${name}: ${what}`,
      ...(remedy === undefined ? [] : [`         -> ${remedy}`]),
    ])
    .concat('')
    .join('\n');
}
