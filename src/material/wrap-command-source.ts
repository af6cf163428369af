import { commandFingerprint, type Fingerprint } from '../domain/fingerprint';
import type { KeyReference } from '../domain/identifiers';
import { noCheckValueOf } from './check-value';
import {
  argumentVector,
  assertDeclared,
  commandOptions,
  commandReference,
  identityOf,
  referToCommand,
  type CommandOptions,
} from './command-options';
import type { Material, WrapContext } from './material';
import type { WrapCommandReference } from './references';
import { runCommand, type RunContext } from './run-command';
import type { RemoteSelfWrappingSource } from './source';
import type { WrappingPublicKey } from './wrap';
import { assertWrappedLength } from './wrapped-length';

export interface WrapCommandDeclared extends CommandOptions {
  /** The program and its arguments. */
  readonly wrapCommand: readonly string[];
}

/**
 * Has a command that wraps material: it gets the wrapping key on stdin and writes the ciphertext to stdout.
 *
 * @throws {@link ByokError} `MATERIAL_SOURCE`, `MATERIAL_MISSING`
 */
export const wrapCommandSource: RemoteSelfWrappingSource<
  WrapCommandDeclared,
  WrapCommandReference
> = {
  members: { wrapCommand: argumentVector, ...commandOptions },
  reference: commandReference,
  isLocal: false,
  isReadable: false,
  refer: ({ wrapCommand, ...options }) => referToCommand('wrapCommand', wrapCommand, options),
  open(_reference, { wrapCommand, ...options }, context) {
    assertDeclared(wrapCommand, 'wrapCommand');
    return Promise.resolve(new CommandWrappedMaterial(wrapCommand, options, context));
  },
};

/** Material that only a command sees. The command runs for each import, and for nothing else. */
class CommandWrappedMaterial implements Material {
  readonly #command: readonly string[];
  readonly #options: CommandOptions;
  readonly #context: Omit<RunContext, 'signal'>;

  constructor(
    command: readonly string[],
    options: CommandOptions,
    context: Omit<RunContext, 'signal'>,
  ) {
    this.#command = command;
    this.#options = options;
    this.#context = context;
  }

  fingerprint(key: KeyReference): Promise<Fingerprint> {
    const identity = identityOf(this.#command, this.#options.passEnvironment);
    return Promise.resolve(commandFingerprint(key, identity));
  }

  assertFits(): void {
    // Only KMS sees the material.
  }

  /** @throws {@link ByokError} `MATERIAL_COMMAND`, `WRAPPED_LENGTH` */
  async wrapFor(
    { publicKey, wrappingAlgorithm, wrappingKeySpec }: WrappingPublicKey,
    { keyArn, keySpec, signal }: WrapContext,
  ): Promise<Buffer> {
    const ciphertext = await runCommand(
      {
        ...this.#options,
        input: 'material.wrapCommand',
        output: 'ciphertext',
        command: this.#command,
        stdin: publicKey,
        variables: {
          KMS_KEY_ARN: keyArn,
          KMS_KEY_SPEC: keySpec,
          KMS_WRAPPING_ALGORITHM: wrappingAlgorithm,
          KMS_WRAPPING_KEY_SPEC: wrappingKeySpec,
        },
      },
      { ...this.#context, signal },
    );
    assertWrappedLength(
      ciphertext,
      { wrappingAlgorithm, wrappingKeySpec },
      'material.wrapCommand must write only the ciphertext to stdout, as bytes, by the algorithm and the key spec that its environment names',
    );
    return ciphertext;
  }

  checkValue(): Promise<never> {
    return Promise.reject(noCheckValueOf('wrapCommand'));
  }

  close(): void {
    // Nothing secret is here.
  }
}
