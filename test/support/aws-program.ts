import type { EmbeddedKms, ManualClock } from 'embedded-kms';
import {
  AwsProgram as ProgramWithAws,
  configFor,
} from '../../packages/pulumi-offline-engine/test/support/aws-program';
import { installOwnPackage } from './install-packages';
import { PulumiCli } from './pulumi-cli';

export {
  AWS_ENVIRONMENT,
  AWS_PLUGIN,
  configFor,
  REGION,
} from '../../packages/pulumi-offline-engine/test/support/aws-program';

/** A project with this package, which its program has as `byok` beside `pulumi` and `aws`. */
export class AwsProgram extends ProgramWithAws {
  /** @param clock - of the embedded KMS; what it is advanced by, all programs and plugins are advanced by */
  constructor(kms: EmbeddedKms, clock?: ManualClock) {
    super(kms, clock);
    installOwnPackage(this.programFolder);
  }

  override program(text: string): void {
    super.program(`const byok = require('pulumi-kms-byok');\n${text}`);
  }

  real(
    config: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<PulumiCli> {
    return PulumiCli.create({
      projectDir: this.programFolder,
      folder: this.engineFolder,
      config: { ...configFor(this.kms), ...config },
      env: { ...this.environment(), ...env },
    });
  }
}
