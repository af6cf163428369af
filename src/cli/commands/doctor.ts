import { defineCommand } from '../command';
import { diagnoseAws } from '../doctor/aws';
import type { Diagnosis } from '../doctor/diagnosis';
import { diagnoseInstallation } from '../doctor/installation';
import { diagnoseProxy } from '../doctor/network';
import { projectOf } from '../doctor/project-file';
import { diagnoseStack, stackSettings } from '../doctor/stack';
import { diagnoseTokens } from '../doctor/token';
import { EXIT } from '../exit-code';
import { several, withAws, withJson, type AwsOptions } from '../options';

interface DoctorOptions extends AwsOptions {
  readonly keyId?: string;
  readonly project: string;
  readonly stack?: string;
  readonly offline?: true;
  readonly pkcs11?: string;
  readonly passEnvironment?: readonly string[];
  readonly json?: true;
}

/** `kms-byok doctor` */
export const doctor = defineCommand(
  {
    name: 'doctor',
    summary: 'find problems of an installation, with their remedies',
    details: [
      'It checks Node.js, OpenSSL, the Pulumi CLI, the packages of the project, the files of material that its program names, its native plugin, the AWS clients, the aws configuration of the stack, the credentials and the permissions. It changes nothing. With --key-id, it also fetches an import token from KMS and discards it.',
    ],
    declare: (command) =>
      withJson(
        withAws(
          command
            .option('--key-id <id>', 'check the permissions for an import into this key')
            .option('--project <folder>', 'a folder of the Pulumi project', '.')
            .option(
              '--stack <name>',
              'stack whose aws configuration applies; default: the selected one',
            )
            .option('--offline', 'do not call AWS')
            .option(
              '--pkcs11 <module>',
              'look at a PKCS #11 library and its tokens, without a login',
            )
            .option(
              '--pass-environment <name>',
              'a variable that this library needs; may be repeated',
              several,
            ),
        ),
      ),
    examples: [
      { purpose: 'in the folder of the program', command: 'kms-byok doctor' },
      {
        purpose: 'see which keys an HSM can wrap for KMS',
        command: 'kms-byok doctor --offline --pkcs11 /usr/lib/softhsm/libsofthsm2.so',
      },
      {
        purpose: 'check that a profile can import',
        command:
          'kms-byok doctor --profile custodian --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-central-1',
      },
    ],
    exitCodes: { 0: 'no problem', 2: 'a problem was found', 1: 'an error' },
  },
  async (options: DoctorOptions, io) => {
    const folder = options.project === '.' ? process.cwd() : options.project;
    const project = projectOf(folder);
    const stack = stackSettings(project, options.stack, io.env);
    const found: Diagnosis[] = [
      ...(await diagnoseInstallation(project, __dirname, io.env)),
      diagnoseStack(stack),
      diagnoseProxy(stack, io.env),
    ];
    if (options.pkcs11 !== undefined) {
      const { pkcs11: module, passEnvironment = [] } = options;
      found.push(...(await diagnoseTokens({ module, passEnvironment }, io.env)));
    }
    if (options.offline !== true) {
      found.push(...(await diagnoseAws(options.keyId, options, stack, io)));
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
