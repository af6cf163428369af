import { parseKeyReference } from '../../src/domain/identifiers';
import type { Material } from '../../src/material/material';
import { pkcs11Source, type Pkcs11Declared } from '../../src/material/pkcs11/pkcs11-source';
import { TokenClients } from '../../src/material/pkcs11/token-client';
import { SOFTHSM_MODULE, type SoftHsm } from './soft-hsm';

/** A key of KMS. */
export const KEY_ARN =
  'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const KEY = parseKeyReference(KEY_ARN);

/** Opens keys of one SoftHSM, all in the processes of one run. */
export class Run {
  readonly warnings: string[] = [];
  readonly #clients: TokenClients;
  readonly #env: NodeJS.ProcessEnv;

  constructor(
    hsm: SoftHsm,
    { env = {}, timeLimit }: { env?: NodeJS.ProcessEnv; timeLimit?: number | undefined } = {},
  ) {
    this.#env = { ...hsm.env, ...env };
    this.#clients = new TokenClients({ timeLimit });
  }

  /** Opens a key as a program declares it. The module, the token and the PIN have defaults. */
  open(declared: Pkcs11Declared['pkcs11']): Promise<Material> {
    const pkcs11 = {
      module: SOFTHSM_MODULE,
      tokenLabel: 'one',
      pin: { env: 'HSM_PIN' },
      ...declared,
    };
    return pkcs11Source.open(
      pkcs11Source.refer({ pkcs11 }),
      { pkcs11 },
      {
        env: this.#env,
        tokenClients: this.#clients,
        warn: (line) => this.warnings.push(line),
      },
    );
  }

  close(): void {
    this.#clients.close();
  }
}
