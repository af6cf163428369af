import { ManagedProcess, type Output } from '../engine/managed-process';
import {
  ALREADY_REPORTED,
  entryArguments,
  entryEnvironment,
  type ProgramEntry,
} from '../engine/program-entry';
import { requireOfSdk } from '../engine/sdk';
import { stopWhenCancelled } from './cancellation';

/** Options of `runtime` in Pulumi.yaml that this host supports, or that do not concern it. */
const OPTIONS: readonly string[] = ['typescript', 'packagemanager'];

/** A request to run a program. */
export interface ProgramRequest extends ProgramEntry {
  readonly arguments: readonly string[];
  /** The options of `runtime` in Pulumi.yaml. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  /** The environment of the program, without what the entry adds. */
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
}

/** The result of a program, as in the protocol. */
export interface RunOutcome {
  /** Whether the program failed and the SDK has already reported why. */
  readonly bail: boolean;
  /** The reason for any other failure; empty for a success. */
  readonly error: string;
}

/** Runs a program through the entry of the SDK that the program itself loads. */
export async function runProgram(
  request: ProgramRequest,
  cancelled: AbortSignal,
): Promise<RunOutcome> {
  const { options, programDir } = request;
  const unknown = Object.keys(options).filter((name) => !OPTIONS.includes(name));
  if (unknown.length > 0) {
    const error = `Pulumi.yaml: the language host for tests does not serve runtime.options.${unknown.join(', ')}`;
    return { bail: false, error };
  }
  const program = new ManagedProcess(
    {
      args: [
        requireOfSdk(programDir).resolve('@pulumi/pulumi/cmd/run'),
        ...entryArguments(request),
        ...request.arguments,
      ],
      cwd: programDir,
      env: {
        ...request.env,
        ...entryEnvironment(request.config, request.secretKeys, options.typescript !== false),
      },
    },
    request.output,
  );
  stopWhenCancelled(program, cancelled);
  const { code, description } = await program.ended;
  if (code === ALREADY_REPORTED) return { bail: true, error: '' };
  return { bail: false, error: code === 0 ? '' : `the program ended with ${description}` };
}
