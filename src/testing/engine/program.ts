import { programConfig, type ConfigEntry } from './config';
import { ManagedProcess, type Exit } from './managed-process';
import type { Project } from './project';
import type { PulumiSdk } from './sdk';

/** The SDK's exit code of a program whose error the SDK has already reported. */
const ALREADY_REPORTED = 32;

/** How long a program may go on after its run has failed. */
const LINGER_MS = 5_000;

/** What a program is run with. */
export interface ProgramRun {
  readonly sdk: PulumiSdk;
  readonly project: Project;
  readonly stackName: string;
  readonly config: readonly ConfigEntry[];
  readonly env: NodeJS.ProcessEnv;
  readonly engineAddress: string;
  readonly preview: boolean;
  readonly parallel: number;
  readonly onLine: (line: string) => void;
  /** Settles when the run fails; a program that goes on regardless is then ended. */
  readonly failed: Promise<void>;
}

/**
 * Runs the program through the SDK's own entry, with the arguments and variables of Pulumi's language
 * host for Node.js. Resolves with what is to be said of its end, if anything.
 */
export async function runProgram(run: ProgramRun): Promise<string | undefined> {
  const { project, engineAddress } = run;
  const program = new ManagedProcess(
    {
      args: [
        run.sdk.entries.run,
        ...['--monitor', engineAddress, '--engine', engineAddress],
        ...['--organization', 'organization', '--project', project.name],
        ...['--root-directory', project.root, '--stack', run.stackName],
        ...['--pwd', project.programDir],
        ...(run.preview ? ['--dry-run'] : []),
        ...['--parallel', String(run.parallel)],
        project.entryPoint,
      ],
      cwd: project.programDir,
      env: {
        ...run.env,
        ...programConfig(run.config),
        ...(project.typescript ? { PULUMI_NODEJS_TYPESCRIPT: 'true' } : {}),
      },
    },
    run.onLine,
  );
  let timer: NodeJS.Timeout | undefined;
  void run.failed.then(() => {
    timer = setTimeout(() => void program.stop(), LINGER_MS);
  });
  const exit = await program.ended;
  clearTimeout(timer);
  return program.stopped ? undefined : complaint(exit);
}

function complaint({ code, description }: Exit): string | undefined {
  if (code === 0 || code === ALREADY_REPORTED) return undefined;
  return `the program ended with ${description}`;
}
