import type { ConfigEntry } from './config';
import { ManagedProcess, type Exit } from './managed-process';
import { ALREADY_REPORTED, entryArguments, entryEnvironment } from './program-entry';
import type { Project } from './project';
import type { PulumiSdk } from './sdk';

/** How long a program may keep running after its run has failed. */
const LINGER_MS = 5_000;

/** The parameters of {@link runProgram}. */
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
  /** Settles when the run fails. A program that keeps running after that is stopped. */
  readonly failed: Promise<void>;
}

/** Runs the program through the SDK's own entry. Resolves with the reason if the program failed. */
export async function runProgram(run: ProgramRun): Promise<string | undefined> {
  const { project, engineAddress } = run;
  const program = new ManagedProcess(
    {
      args: [
        run.sdk.entries.run,
        ...entryArguments({
          ...project,
          project: project.name,
          monitorAddress: engineAddress,
          engineAddress,
          organization: 'organization',
          stack: run.stackName,
          preview: run.preview,
          parallel: run.parallel,
        }),
      ],
      cwd: project.programDir,
      env: {
        ...run.env,
        ...entryEnvironment(
          Object.fromEntries(run.config.map(({ key, value }) => [key, value])),
          run.config.filter((entry) => entry.secret).map(({ key }) => key),
          project.typescript,
        ),
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
