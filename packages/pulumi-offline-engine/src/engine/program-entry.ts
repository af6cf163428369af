/** The parameters of the SDK's entry `@pulumi/pulumi/cmd/run`. */
export interface ProgramEntry {
  readonly monitorAddress: string;
  readonly engineAddress: string;
  readonly organization: string;
  readonly project: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  readonly stack: string;
  /** The working directory of the program. */
  readonly programDir: string;
  /** The path of the program, relative to `programDir`. */
  readonly entryPoint: string;
  readonly preview: boolean;
  readonly parallel: number;
}

/** The SDK's exit code of a program whose error the SDK has already reported. */
export const ALREADY_REPORTED = 32;

/** Returns the arguments of the SDK's entry, as Pulumi's language host for Node.js passes them. */
export function entryArguments(program: ProgramEntry): string[] {
  return [
    ...['--monitor', program.monitorAddress, '--engine', program.engineAddress],
    ...['--organization', program.organization, '--project', program.project],
    ...['--root-directory', program.root, '--stack', program.stack],
    ...['--pwd', program.programDir],
    ...(program.preview ? ['--dry-run'] : []),
    ...['--parallel', String(program.parallel)],
    program.entryPoint,
  ];
}

/** Returns the variables that pass configuration, and the language of the program, to the SDK. */
export function entryEnvironment(
  config: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
  typescript: boolean,
): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
    ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: 'true' } : {}),
  };
}
