import { ByokError } from '../../errors';

/** Replaces the process of a PKCS #11 library in the offline program, which is a single file. */
export class TokenClients {
  /** @throws {@link ByokError} `MATERIAL_SOURCE`, always */
  of(): never {
    throw new ByokError(
      'MATERIAL_SOURCE',
      'this program is a single file and uses no HSM: run kms-byok wrap --pkcs11',
    );
  }
}
