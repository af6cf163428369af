import { ByokError } from '../../../src/errors';

/** Replaces the process of a PKCS #11 library, which needs a package with a native part. */
export class TokenClients {
  /** @throws {@link ByokError} `PACKAGE_MISSING`, always */
  of(): never {
    throw new ByokError(
      'PACKAGE_MISSING',
      'material.pkcs11 needs the plugin from npm, and this one was installed without npm: run npm install pulumi-kms-byok pkcs11js @pulumi/pulumi @pulumi/aws and pulumi package add ./node_modules/pulumi-kms-byok/plugin',
    );
  }

  close(): void {
    // Nothing was opened.
  }
}
